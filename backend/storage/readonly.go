package storage

import (
	"sync"

	"github.com/ncruces/go-sqlite3/vfs"
)

// readOnlyVFS opens a database of which this process may only read the files, log included. The driver's own VFS asks for the log to
// be writable even then.
type readOnlyVFS struct{ vfs.VFSFilename }

const readOnlyName = "pgd-readonly"

var registerReadOnly = sync.OnceFunc(func() {
	vfs.Register(readOnlyName, readOnlyVFS{vfs.Find("os").(vfs.VFSFilename)})
})

func (v readOnlyVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if flags&(vfs.OPEN_MAIN_DB|vfs.OPEN_WAL) != 0 {
		flags = flags&^(vfs.OPEN_READWRITE|vfs.OPEN_CREATE) | vfs.OPEN_READONLY
	}
	return v.VFSFilename.OpenFilename(name, flags)
}
