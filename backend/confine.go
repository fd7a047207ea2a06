package backend

import "pgd/backend/pgerr"

// confine is where the process is narrowed to one database's directory: before another byte of the client's is read. No layer
// that works on files is built in yet, so a site that requires one lets nobody in.
func (g *greeting) confine(uint32) error {
	if g.values.Load().Get("sandbox") == "required" {
		return pgerr.Fatal(pgerr.FeatureNotSupported, "sessions cannot be confined by this build, and sandbox is required")
	}
	return nil
}
