package daemon

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"pgd/perms"
)

// maxSocketPath is what sockaddr_un has room for, less the byte that ends it.
const maxSocketPath = 107

// listenUnix opens a socket in each of unix_socket_directories.
func (p *postmaster) listenUnix() error {
	for _, dir := range p.values.List("unix_socket_directories") {
		if dir == "" {
			continue
		}
		if !filepath.IsAbs(dir) {
			dir = p.dir.Path(dir)
		}
		path := filepath.Join(dir, ".s.PGSQL."+p.values.Get("port"))
		if len(path) > maxSocketPath {
			return &perms.Refusal{Message: fmt.Sprintf("Unix-domain socket path %q is too long (maximum %d bytes)", path, maxSocketPath),
				Hint: "Set unix_socket_directories in pgd.conf to a shorter directory."}
		}
		if err := socketDir(dir); err != nil {
			return err
		}
		l, err := p.unixSocket(path)
		if err != nil {
			return err
		}
		l.unixDir = dir
		p.listeners = append(p.listeners, l)
	}
	return nil
}

// socketDir makes the directory where its parent is ours, and else says how to make it.
func socketDir(dir string) error {
	st, err := os.Stat(dir)
	switch {
	case err == nil && !st.IsDir():
		return &perms.Refusal{Message: fmt.Sprintf("%q is not a directory", dir), Hint: "Set unix_socket_directories in pgd.conf."}
	case err == nil:
		if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
			return &perms.Refusal{Message: fmt.Sprintf("no permission to create a socket in directory %q", dir), Hint: makeHint(dir)}
		}
		return nil
	case !errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("socket directory: %w", err)
	}
	var parent unix.Stat_t
	if err := unix.Stat(filepath.Dir(dir), &parent); err == nil && int(parent.Uid) == os.Geteuid() {
		if err := os.Mkdir(dir, 0o755); err == nil {
			// The umask is for files of the site; this directory is for clients of other accounts too.
			if err := os.Chmod(dir, 0o755); err != nil {
				return fmt.Errorf("socket directory: %w", err)
			}
			return nil
		}
	}
	return &perms.Refusal{Message: fmt.Sprintf("socket directory %q does not exist", dir), Hint: makeHint(dir)}
}

func makeHint(dir string) string {
	hint := fmt.Sprintf("sudo install -d -o %s -m 755 %s", perms.UserName(uint32(os.Geteuid())), dir)
	if filepath.Dir(dir) == "/run" {
		hint += "\nUnder systemd the unit's RuntimeDirectory=" + filepath.Base(dir) + " makes it at every start; without it the directory is gone after a reboot."
	}
	return hint
}

// unixSocket listens on path. A lock beside it tells whether a socket that is there belongs to a server that runs.
func (p *postmaster) unixSocket(path string) (*listener, error) {
	lock, err := socketLock(path + ".lock")
	if err == nil && inUse(path) {
		lock.Close()
		err = errSocketInUse
	}
	if errors.Is(err, errSocketInUse) {
		return nil, &perms.Refusal{Message: fmt.Sprintf("Unix socket %q is in use by another server", path),
			Hint: "Set port or unix_socket_directories in pgd.conf to others, or stop that server."}
	}
	if err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		lock.Close()
		return nil, fmt.Errorf("remove old socket: %w", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("listen on Unix socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // closeListeners does, under the lock
	out := &listener{Listener: l, path: path, lock: lock}
	if err := p.socketMode(path); err != nil {
		p.listeners = append(p.listeners, out) // so that it is removed
		return nil, err
	}
	_ = lock.Truncate(0)
	_, _ = lock.WriteAt(fmt.Appendf(nil, "%d\n%s\n%d\n%s\n%s\n", os.Getpid(), p.dir, p.started.Unix(), p.values.Get("port"), filepath.Dir(path)), 0)
	return out, nil
}

func (p *postmaster) socketMode(path string) error {
	if group := p.values.Get("unix_socket_group"); group != "" {
		gid, err := strconv.Atoi(group)
		if err != nil {
			g, err := user.LookupGroup(group)
			if err != nil {
				return &perms.Refusal{Message: fmt.Sprintf("group %q does not exist", group), Hint: "It is unix_socket_group in pgd.conf."}
			}
			gid, _ = strconv.Atoi(g.Gid)
		}
		if err := os.Chown(path, -1, gid); err != nil {
			return fmt.Errorf("could not set group of file %q: %w", path, err)
		}
	}
	if err := os.Chmod(path, os.FileMode(p.values.Int("unix_socket_permissions"))&0o777); err != nil {
		return fmt.Errorf("could not set permissions of file %q: %w", path, err)
	}
	return nil
}

var errSocketInUse = errors.New("socket in use")

// socketLock takes the lock file of a socket. Unlike the site's lock it is removed at the end, so after locking it must be
// seen to be the file that still has the name.
func socketLock(path string) (*os.File, error) {
	for range 10 {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
		if errors.Is(err, os.ErrPermission) {
			return nil, errSocketInUse // another account's
		}
		if err != nil {
			return nil, fmt.Errorf("open lock file: %w", err)
		}
		if err := unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, &unix.Flock_t{Type: unix.F_WRLCK}); err != nil {
			f.Close()
			if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
				return nil, errSocketInUse
			}
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		mine, err := f.Stat()
		now, err2 := os.Lstat(path)
		if err == nil && err2 == nil && os.SameFile(mine, now) {
			return f, nil
		}
		f.Close()
	}
	return nil, errSocketInUse
}

// inUse asks the socket itself, for servers that do not lock as pgd does.
func inUse(path string) bool {
	c, err := net.DialTimeout("unix", path, time.Second)
	if err != nil {
		return false
	}
	c.Close()
	return true
}
