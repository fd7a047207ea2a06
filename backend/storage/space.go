package storage

import (
	"errors"
	"sync"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
	"golang.org/x/sys/unix"
)

// spaceVFS is the driver's own VFS, except that a write for which there is no room is SQLITE_FULL: the driver calls it an I/O
// error and has forgotten the cause by the time the statement fails.
type spaceVFS struct{ vfs.VFSFilename }

const spaceName = "pgd"

var registerSpace = sync.OnceFunc(func() {
	vfs.Register(spaceName, spaceVFS{vfs.Find("os").(vfs.VFSFilename)})
})

func (v spaceVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := v.VFSFilename.OpenFilename(name, flags)
	if whole, ok := f.(systemFile); ok && err == nil {
		f = spaceFile{whole}
	}
	return f, flags, err
}

// systemFile is all that the driver's files can do; a wrapper that could do less would turn features off.
type systemFile interface {
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
	vfs.FileSharedMemory
	vfs.FileMemoryMapper
	vfs.FileBatchAtomicWrite
}

type spaceFile struct{ systemFile }

func (f spaceFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.systemFile.WriteAt(p, off)
	return n, noSpace(err)
}

func (f spaceFile) SizeHint(size int64) error { return noSpace(f.systemFile.SizeHint(size)) }

func noSpace(err error) error {
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return vfs.SystemError(err, sqlite3.FULL)
	}
	return err
}
