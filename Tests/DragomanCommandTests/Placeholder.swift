// Replaced when the target gets its tests.
