package install

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"pgd/install/site"
	"pgd/perms"
)

// Request is what is needed to fill a site's directory. It crosses to the owner's process on standard input, so that
// a password is on no command line and in no environment.
type Request struct {
	Name, Dir           string
	Port                int
	Listen, SocketDir   string
	Superuser, Password string
	AuthLocal, AuthHost string
	GroupAccess         bool
	Identifier          uint64
}

// Parts is what the site's contents are made with, given by the command line so that this package needs neither a database nor
// the keeper.
type Parts struct {
	// HBA gives the text of pg_hba.conf.
	HBA func(authLocal, authHost string) string
	// Global makes global/catalog.db and global/secrets.db.
	Global func(r Request) error
	// Databases makes the first databases below base/.
	Databases func(r Request) error
}

// Populate fills the site's directory, which exists, is empty and belongs to this process's uid. It runs as the owner, never as
// root. Everything is synced before it returns; PGD_VERSION comes last, so a site without it is not one.
func Populate(in io.Reader, parts Parts) error {
	if err := perms.RefuseRoot("pgd init site", ""); err != nil {
		return err
	}
	unix.Umask(0o077)
	var r Request
	dec := json.NewDecoder(io.LimitReader(in, 1<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	dirMode, fileMode := os.FileMode(0o700), os.FileMode(0o600)
	if r.GroupAccess {
		dirMode, fileMode = 0o750, 0o640
	}
	dir := site.Dir(r.Dir)
	entries, err := os.ReadDir(r.Dir)
	if err != nil {
		return fmt.Errorf("read %s: %w", r.Dir, err)
	}
	if len(entries) > 0 {
		return &perms.Refusal{Message: fmt.Sprintf("directory %q is not empty", r.Dir)}
	}
	for _, d := range []string{site.GlobalDir, site.BaseDir, site.AuditDir, site.LogDir} {
		if err := os.Mkdir(dir.Path(d), dirMode); err != nil {
			return err
		}
	}
	hba, ident := letIn(r, parts.HBA(r.AuthLocal, r.AuthHost), identText, perms.UserName(uint32(os.Geteuid())))
	files := []struct{ name, text string }{
		{site.ConfigFile, configText(r)},
		{site.HBAFile, hba},
		{site.IdentFile, ident},
		{site.LockFile, ""},
	}
	for _, f := range files {
		if err := os.WriteFile(dir.Path(f.name), []byte(f.text), fileMode); err != nil {
			return err
		}
	}
	if err := parts.Global(r); err != nil {
		return fmt.Errorf("make global catalog: %w", err)
	}
	if err := parts.Databases(r); err != nil {
		return fmt.Errorf("make databases: %w", err)
	}
	if err := syncTree(r.Dir); err != nil {
		return err
	}
	v := site.Version{Format: site.FormatVersion, Identifier: r.Identifier}
	if err := os.WriteFile(dir.Path(site.VersionFile), []byte(v.String()), fileMode); err != nil {
		return err
	}
	if err := os.Chmod(dir.Path(site.VersionFile), fileMode); err != nil { // the umask has cut the group's bits
		return err
	}
	return syncTree(r.Dir)
}

// letIn gives pg_hba.conf and pg_ident.conf such that the owner's account gets in as the superuser by peer where that role has another name.
func letIn(r Request, hba, ident, owner string) (string, string) {
	if r.AuthLocal != "peer" || r.Superuser == owner {
		return hba, ident
	}
	const first = "\nlocal "
	at := strings.Index(hba, first)
	if at < 0 {
		return hba, ident
	}
	line := fmt.Sprintf("\nlocal   all             %-15s                         peer map=superuser", quoteName(r.Superuser))
	return hba[:at] + line + hba[at:], ident + fmt.Sprintf("superuser\t%s\t%s\n", quoteName(owner), quoteName(r.Superuser))
}

// quoteName quotes a name for the two files: bare it could be a keyword of theirs.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
