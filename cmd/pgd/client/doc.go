// Package client is `pgd sql`: a text client for hosts without psql. It speaks the protocol through pgx and knows nothing of the server's
// inside; paths it is given (\i, \o, \copy, history) are on the client's side. Its commands, prompts and tables are psql's where people know
// them. It ends with psql's exit statuses: 0 done, 1 a fatal error of its own, 2 the connection was lost, 3 an error in a script that
// was to stop at one.
package client

// Exit statuses.
const (
	ExitFatal      = 1
	ExitConnection = 2
	ExitScript     = 3
)

// Failure is an error with an exit status.
type Failure struct {
	Status  int
	Message string
	Hint    string
	// Said tells that the message has been printed.
	Said bool
}

// Error gives the message.
func (f *Failure) Error() string { return f.Message }

// HintText gives the hint.
func (f *Failure) HintText() string { return f.Hint }

// ExitStatus gives the status.
func (f *Failure) ExitStatus() int { return f.Status }
