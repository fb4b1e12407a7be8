"""Time: threads, the inbox and the clock; deliveries into the store, snapshots out."""
