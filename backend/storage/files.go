package storage

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// Files of a database's directory.
const (
	mainFile     = "main.db"
	walFile      = "main.db-wal"
	shmFile      = "main.db-shm"
	sharedFile   = "shared"
	turnFile     = "turn"
	sequenceFile = "sequences"
	tempDir      = "tmp"
)

const fileMode = 0o600

// openFile opens one of the database's files and checks it: an ordinary file of our own under one name that no one else can
// write. A symbolic link or somebody else's file in its place is refused before a byte of it is read.
func openFile(path string, flags int) (*os.File, error) {
	fd, err := unix.Open(path, flags|unix.O_RDWR|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK, fileMode)
	if errors.Is(err, unix.ELOOP) {
		return nil, refuse(path, "it is a symbolic link")
	}
	if errors.Is(err, unix.EISDIR) || errors.Is(err, unix.ENXIO) {
		return nil, refuse(path, "it is not a regular file")
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	if err := checkFile(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func checkFile(f *os.File) error {
	var st unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &st); err != nil {
		return &fs.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFREG:
		return refuse(f.Name(), "it is not a regular file")
	case st.Uid != uint32(os.Geteuid()):
		return refuse(f.Name(), "it belongs to another account")
	case st.Nlink != 1:
		return refuse(f.Name(), "it has more than one name")
	case st.Mode&0o037 != 0:
		return refuse(f.Name(), "its mode lets other accounts in")
	}
	return nil
}

func refuse(path, why string) error {
	return pgerr.New(pgerr.InvalidAuthorizationSpecification, "database file %q is refused: %s", path, why)
}

// ensureFiles makes what SQLite would otherwise make with a mode of its own choosing, and syncs the directory when it made one, so
// that the log's name survives a power cut before the first commit does.
func ensureFiles(dir string) error {
	made := false
	for _, name := range []string{walFile, shmFile, sharedFile, turnFile, sequenceFile} {
		path := filepath.Join(dir, name)
		f, err := openFile(path, 0)
		if errors.Is(err, fs.ErrNotExist) {
			f, err = openFile(path, unix.O_CREAT)
			made = true
		}
		if err != nil {
			return err
		}
		f.Close()
	}
	if err := os.Mkdir(filepath.Join(dir, tempDir), 0o700); err == nil {
		made = true
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if made {
		return syncDir(dir)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
