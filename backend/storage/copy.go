package storage

import (
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// CopyDatabase makes the directory to a copy of the database in from, as one snapshot of it, and syncs it. Sessions of the source may go
// on. When it fails it removes what it made.
func CopyDatabase(from, to string) (err error) {
	made := true
	if err := os.Mkdir(to, 0o700); errors.Is(err, fs.ErrExist) {
		made = false
	} else if err != nil {
		return fileError(err)
	}
	target := filepath.Join(to, mainFile)
	f, err := openFile(target, unix.O_CREAT|unix.O_EXCL)
	if err != nil {
		return fileError(err)
	}
	defer f.Close()
	defer func() {
		if err == nil {
			return
		}
		for _, name := range []string{mainFile, walFile, shmFile, sharedFile, turnFile, sequenceFile, tempDir} {
			os.Remove(filepath.Join(to, name))
		}
		if made {
			os.Remove(to)
		}
	}()
	if err := copyPages(from, target); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return fileError(err)
	}
	if err := copySequences(from, to); err != nil {
		return fileError(err)
	}
	if err := ensureFiles(to); err != nil {
		return fileError(err)
	}
	if err := syncDir(to); err != nil {
		return fileError(err)
	}
	return fileError(syncDir(filepath.Dir(to)))
}

// copyPages fills an empty file with a snapshot of the source. The file needs no journal: it is removed when this fails.
func copyPages(from, target string) (err error) {
	source := filepath.Join(from, mainFile)
	f, err := openFile(source, 0)
	if err != nil {
		return fileError(err)
	}
	f.Close()
	defer func() {
		if r := recover(); r != nil {
			err = pgerr.New(pgerr.InternalError, "could not copy the database: %v", r)
		}
	}()
	conn, err := connect(source)
	if err != nil {
		return err
	}
	defer conn.Close()
	registerSpace()
	u := url.URL{Scheme: "file", Path: target, RawQuery: "mode=rw&vfs=" + spaceName + "&_pragma=journal_mode(off)&_pragma=synchronous(off)"}
	return sqliteError(conn.Backup("main", u.String()))
}

func copySequences(from, to string) error {
	in, err := openFile(filepath.Join(from, sequenceFile), 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := openFile(filepath.Join(to, sequenceFile), unix.O_CREAT|unix.O_EXCL)
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}
