"""What every other room of the engine stands on: units, parameters, the kernel decorator, atomics."""
