package functions

// Being written by helper FUNC (json, arrays, set-returning, window functions): do not write these rows elsewhere.

// From helper TYPES: see the note in array_access.go; set.go has generate_series, generate_subscripts, unnest, string_to_table.
