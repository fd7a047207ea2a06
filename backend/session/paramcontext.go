package session

import (
	"fmt"

	"pgd/backend/pgerr"
)

// paramContext tells in an error's context which parameter of a Bind it is about. The value of one in text form is cut to nothing, as
// PostgreSQL does with log_parameter_max_length_on_error at its default.
func paramContext(err error, portal string, i int, text bool) error {
	e := *pgerr.From(err)
	who := "unnamed portal"
	if portal != "" {
		who = fmt.Sprintf("portal \"%s\"", portal)
	}
	e.Where = fmt.Sprintf("%s parameter $%d", who, i+1)
	if text {
		e.Where += " = '...'"
	}
	return &e
}
