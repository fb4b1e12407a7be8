"""The world that lives in the embedded account: functions, their traffic and everything they leave behind."""
