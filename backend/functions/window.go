package functions

// windowRows are the window functions. SQLite has all of them; what its own do otherwise with an argument is the compiler's to write.
func windowRows() []Row {
	var rs []Row
	for _, sig := range []string{
		"row_number()", "rank()", "dense_rank()", "percent_rank()", "cume_dist()", "ntile(integer)",
		"lag(anyelement)", "lag(anyelement,integer)", "lag(anycompatible,integer,anycompatible)",
		"lead(anyelement)", "lead(anyelement,integer)", "lead(anycompatible,integer,anycompatible)",
		"first_value(anyelement)", "last_value(anyelement)", "nth_value(anyelement,integer)",
	} {
		rs = append(rs, Row{Sig: sig, Window: true})
	}
	return rs
}
