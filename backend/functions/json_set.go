package functions

// Being written by helper FUNC (json, arrays, set-returning, window functions): do not write these rows elsewhere.
