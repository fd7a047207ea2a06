package install

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"pgd/install/settings"
	"pgd/install/site"
	"pgd/perms"
)

// Options are those of "pgd init site".
type Options struct {
	Name, Dir, Owner    string
	Port                int
	Listen, SocketDir   string // no Listen is no TCP
	Superuser, Password string
	AuthLocal, AuthHost string
	GroupAccess         bool
	// Populator is the command that fills the directory: this binary with handoff.ArgPopulate.
	Populator []string
}

// Result describes the new site.
type Result struct {
	Name       string `json:"name"`
	Dir        string `json:"dir"`
	Owner      string `json:"owner"`
	Port       int    `json:"port"`
	Listen     string `json:"listen_addresses"`
	SocketDir  string `json:"socket_dir"`
	Superuser  string `json:"superuser"`
	Identifier uint64 `json:"identifier"`
	Unit       string `json:"unit,omitempty"`
}

// maxSocketPath is the room for a Unix socket's path in a socket address.
const maxSocketPath = 107

// Init makes a site. On failure everything it made is removed.
func Init(o Options) (res Result, err error) {
	places, err := CallerPlaces()
	if err != nil {
		return res, err
	}
	j := &journal{}
	defer func() {
		if err != nil {
			j.undo()
		}
	}()
	r, acct, err := plan(o, places, j)
	if err != nil {
		return res, err
	}
	if err := makeDirs(r, acct, places, j); err != nil {
		return res, err
	}
	if err := populate(o.Populator, r, acct); err != nil {
		return res, err
	}
	if err := places.Register(r.Name, r.Dir); err != nil {
		return res, err
	}
	j.made(func() { places.Unregister(r.Name) })
	unit, err := writeUnit(places, o.Populator[0], j)
	if err != nil {
		return res, err
	}
	return Result{Name: r.Name, Dir: r.Dir, Owner: acct.Name, Port: r.Port, Listen: r.Listen, SocketDir: r.SocketDir,
		Superuser: r.Superuser, Identifier: r.Identifier, Unit: unit}, nil
}

// plan settles every choice before anything but the account is made.
func plan(o Options, places Places, j *journal) (Request, Account, error) {
	r := Request{Name: o.Name, Dir: o.Dir, Listen: o.Listen, SocketDir: o.SocketDir, Superuser: o.Superuser, Password: o.Password,
		AuthLocal: o.AuthLocal, AuthHost: o.AuthHost, GroupAccess: o.GroupAccess}
	var acct Account
	if r.Name == "" {
		r.Name = DefaultName
	}
	if err := CheckName(r.Name); err != nil {
		return r, acct, err
	}
	if e, err := places.lookup(r.Name); err == nil {
		return r, acct, &perms.Refusal{Message: fmt.Sprintf("site %q already exists: %s", r.Name, e.Dir),
			Hint: "Choose another name, or: pgd drop site " + r.Name}
	}
	if err := checkAuth(&r); err != nil {
		return r, acct, err
	}
	if r.Dir == "" {
		r.Dir = filepath.Join(places.Sites, r.Name)
	}
	if r.SocketDir == "" {
		r.SocketDir = places.Sockets
	}
	var err error
	for _, p := range []*string{&r.Dir, &r.SocketDir} {
		if *p, err = filepath.Abs(*p); err != nil {
			return r, acct, err
		}
	}
	if strings.ContainsAny(r.Dir+r.SocketDir, "\n\x00") {
		return r, acct, &perms.Refusal{Message: "a directory's name must not contain a newline"}
	}
	if len(filepath.Join(r.SocketDir, ".s.PGSQL.65535")) > maxSocketPath {
		return r, acct, &perms.Refusal{
			Message: fmt.Sprintf("socket path %q is too long (maximum %d bytes)", filepath.Join(r.SocketDir, ".s.PGSQL.65535"), maxSocketPath),
			Hint:    "Give a shorter one with --socket-dir."}
	}
	if err := checkTarget(r.Dir); err != nil {
		return r, acct, err
	}
	taken, err := portsTaken()
	if err != nil {
		return r, acct, err
	}
	if r.Port, err = choosePort(o.Port, r.Listen, taken); err != nil {
		return r, acct, err
	}
	if acct, err = chooseOwner(o.Owner, j); err != nil {
		return r, acct, err
	}
	if r.Superuser == "" {
		r.Superuser = acct.Name
	}
	if strings.HasPrefix(r.Superuser, "pg_") || len(r.Superuser) > 63 || r.Superuser == "public" || r.Superuser == "none" {
		return r, acct, &perms.Refusal{Message: fmt.Sprintf("superuser name %q is disallowed", r.Superuser),
			Hint: "Role names cannot begin with \"pg_\", be longer than 63 bytes, or be public or none."}
	}
	r.Identifier = site.NewVersion().Identifier
	return r, acct, nil
}

// authMethods are those --auth-local and --auth-host take. trust is not among them: a line can be written by hand by who means it.
var authMethods = map[string]string{"peer": "local", "scram-sha-256": "", "password": "", "reject": "", "cert": "host"}

func checkAuth(r *Request) error {
	if r.AuthLocal == "" {
		r.AuthLocal = "peer"
	}
	if r.AuthHost == "" {
		r.AuthHost = "scram-sha-256"
	}
	for _, a := range []struct{ flag, kind, method string }{{"--auth-local", "local", r.AuthLocal}, {"--auth-host", "host", r.AuthHost}} {
		if only, ok := authMethods[a.method]; !ok || only != "" && only != a.kind {
			hint := "Methods: peer (local only), scram-sha-256, password, cert (host only), reject."
			if a.method == "trust" {
				hint = "Everybody who can reach the socket would be superuser. If you mean it, write the line into pg_hba.conf yourself. " + hint
			}
			return &perms.Refusal{Message: fmt.Sprintf("invalid authentication method %q for %s connections", a.method, a.kind), Hint: hint}
		}
	}
	if r.AuthLocal != "peer" && r.Password == "" {
		return &perms.Refusal{Message: "no way in for the superuser: local connections would need a password and none is set",
			Hint: "Give one with --pwfile, or leave --auth-local at peer."}
	}
	return nil
}

// checkTarget refuses a directory that holds something.
func checkTarget(dir string) error {
	st, err := os.Lstat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("could not access directory %q: %w", dir, err)
	}
	if !st.IsDir() {
		return &perms.Refusal{Message: fmt.Sprintf("%q exists and is not a directory", dir), Hint: "Give another directory with --dir."}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("could not read directory %q: %w", dir, err)
	}
	for _, e := range entries {
		switch {
		case e.Name() == "lost+found":
			return &perms.Refusal{Message: fmt.Sprintf("directory %q is a mount point: it contains lost+found", dir),
				Hint: "Use a directory below it: --dir " + filepath.Join(dir, "site")}
		case e.Name() == site.VersionFile:
			return &perms.Refusal{Message: fmt.Sprintf("directory %q already holds a site", dir),
				Hint: "Register it with: pgd init site --adopt " + dir}
		}
	}
	if len(entries) > 0 {
		return &perms.Refusal{Message: fmt.Sprintf("directory %q exists but is not empty", dir),
			Hint: "Give another directory with --dir, or empty this one."}
	}
	return nil
}

func chooseOwner(name string, j *journal) (Account, error) {
	if os.Geteuid() == 0 {
		if name == "" {
			name = DefaultAccount
		}
		return ensureAccount(name, j)
	}
	me := Account{Name: perms.UserName(uint32(os.Geteuid())), UID: os.Geteuid(), GID: os.Getegid()}
	if name != "" && name != me.Name {
		return me, &perms.Refusal{Message: fmt.Sprintf("only root can make a site for another account: you are %q, --owner says %q", me.Name, name),
			Hint: "Leave --owner out, or run it with sudo."}
	}
	return me, me.check()
}

func makeDirs(r Request, acct Account, places Places, j *journal) error {
	mode := os.FileMode(0o700)
	if r.GroupAccess {
		mode = 0o750
	}
	if st, err := os.Lstat(r.Dir); err == nil {
		// An empty directory that exists: it must be the owner's already, or root's to give.
		if sys := st.Sys().(*syscall.Stat_t); int(sys.Uid) != acct.UID {
			return &perms.Refusal{Message: fmt.Sprintf("directory %q belongs to %q, the site's owner is %q", r.Dir, perms.UserName(sys.Uid), acct.Name),
				Hint: fmt.Sprintf("chown %s: %s", acct.Name, r.Dir)}
		}
		if err := os.Chmod(r.Dir, mode); err != nil {
			return err
		}
		j.made(func() { clear(r.Dir) })
	} else {
		if err := j.mkdirAll(r.Dir, mode, acct.UID, acct.GID); err != nil {
			return fmt.Errorf("make site directory: %w", err)
		}
		j.made(func() { clear(r.Dir) })
	}
	if err := j.mkdirAll(r.SocketDir, 0o755, acct.UID, acct.GID); err != nil {
		return fmt.Errorf("make socket directory: %w", err)
	}
	if places.System {
		return j.mkdirAll(places.Registry, 0o755, 0, 0)
	}
	return j.mkdirAll(places.Registry, 0o700, acct.UID, acct.GID)
}

// clear empties a directory that this installation filled.
func clear(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		os.RemoveAll(filepath.Join(dir, e.Name()))
	}
}

// populate runs the populator as the owner, with an empty environment and the request on standard input.
func populate(command []string, r Request, acct Account) error {
	in, err := json.Marshal(r)
	if err != nil {
		return err
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin = bytes.NewReader(in)
	cmd.Dir = r.Dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8"}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(acct.UID), Gid: uint32(acct.GID)}}
	}
	if err := cmd.Run(); err != nil {
		msg := strings.TrimSpace(stderr.String())
		msg = strings.TrimPrefix(msg, "pgd: error: ")
		if msg == "" {
			msg = err.Error()
		}
		if errors.Is(err, os.ErrPermission) {
			return &perms.Refusal{Message: fmt.Sprintf("account %q cannot run %s", acct.Name, command[0]),
				Hint: "Put the binary where every account can reach it: install -m 0755 " + command[0] + " /usr/local/bin/"}
		}
		return fmt.Errorf("fill site directory as %q: %s", acct.Name, msg)
	}
	return nil
}

// portsTaken gives the ports of the registered sites whose configuration the caller can read.
func portsTaken() (map[int]string, error) {
	es, err := Entries()
	if err != nil {
		return nil, err
	}
	out := map[int]string{}
	for _, e := range es {
		if p := configured(site.Dir(e.Dir)).Port; p != 0 {
			out[p] = e.Name
		}
	}
	return out, nil
}

// Where is where a site listens.
type Where struct {
	Port      int
	Listen    string
	SocketDir string
}

func configured(dir site.Dir) Where {
	c := Where{Port: FirstPort, Listen: "localhost"}
	for _, file := range []string{site.ConfigFile, site.AutoConfigFile} {
		lines, _ := settings.ParseFile(dir.Path(file))
		for _, l := range lines {
			switch l.Name {
			case "port":
				fmt.Sscanf(l.Value, "%d", &c.Port)
			case "listen_addresses":
				c.Listen = l.Value
			case "unix_socket_directories":
				c.SocketDir = l.Value
			}
		}
	}
	return c
}
