"""Values to cells: pure functions and tables, without a terminal, a widget or a session."""
