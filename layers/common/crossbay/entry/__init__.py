"""What every door needs: HTTP in and out, callers, cursors, logs."""
