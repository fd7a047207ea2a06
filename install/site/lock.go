package site

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"pgd/perms"
)

// Lock is the site's lock. Whoever holds it runs the site (or removes it): it decides, never the pid file.
type Lock struct{ f *os.File }

// Close gives the lock up. The file stays: unlinking it would let two processes lock two files of one name.
func (l *Lock) Close() error { return l.f.Close() }

// ErrLocked says that somebody else holds the lock.
var ErrLocked = errors.New("the site is locked by another process")

func whole(typ int16) *unix.Flock_t { return &unix.Flock_t{Type: typ} }

// Lock takes the lock without waiting, for as long as the process lives or until Close. It belongs to the open file, not to the
// process, so no other descriptor of the file can lose it, and it is not inherited by programs that are started.
func (d Dir) Lock() (*Lock, error) {
	path := d.Path(LockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if errors.Is(err, unix.ELOOP) {
		return nil, &perms.Refusal{Message: fmt.Sprintf("lock file %q is a symbolic link", path), Hint: "Remove it: rm " + path}
	}
	if err != nil {
		return nil, fmt.Errorf("open lock file: %w", err)
	}
	err = unix.FcntlFlock(f.Fd(), unix.F_OFD_SETLK, whole(unix.F_WRLCK))
	if err == nil {
		return &Lock{f}, nil
	}
	f.Close()
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		return nil, ErrLocked
	}
	return nil, fmt.Errorf("lock %s: %w", path, err)
}

// Locked says whether somebody holds the lock, without taking it.
func (d Dir) Locked() (bool, error) {
	f, err := os.OpenFile(d.Path(LockFile), os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open lock file: %w", err)
	}
	defer f.Close()
	l := whole(unix.F_WRLCK)
	if err := unix.FcntlFlock(f.Fd(), unix.F_OFD_GETLK, l); err != nil {
		return false, fmt.Errorf("read lock %s: %w", d.Path(LockFile), err)
	}
	return l.Type != unix.F_UNLCK, nil
}
