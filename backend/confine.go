package backend

import (
	"errors"

	"pgd/backend/pgerr"
	"pgd/perms/sandbox"
)

// confine narrows the process to one database's directory and the shared catalog, which it may read. It runs before another
// byte of the client's is read. Where the kernel cannot, sandbox = required refuses the client; otherwise the keeper has
// said at start what is missing.
func (g *greeting) confine(oid uint32) error {
	mode := g.values.Load().Get("sandbox")
	if mode == "off" {
		return nil
	}
	shared := g.start.SharedCatalog
	p := sandbox.Paths{Files: []string{shared, shared + "-wal", shared + "-shm"}}
	if oid != 0 {
		p.Dirs = []string{g.database(oid)}
	}
	err := sandbox.Confine(p)
	if errors.Is(err, sandbox.ErrUnavailable) && mode != "required" {
		return nil
	}
	if err != nil {
		return pgerr.Fatal(pgerr.SystemError, "could not confine the session").WithCause(err)
	}
	return nil
}
