package analyze

// assignCollations settles the collations of a finished expression (42P21, 42P22).
func (a *Analyzer) assignCollations(e Expr) error { return nil }
