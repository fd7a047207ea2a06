package site

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"pgd/perms"
)

// Version is the content of PGD_VERSION: the format of the files and the identifier the site was born with.
type Version struct {
	Format     int
	Identifier uint64
}

// NewVersion makes a version of today's format with a random identifier.
func NewVersion() Version {
	var b [8]byte
	rand.Read(b[:])
	return Version{Format: FormatVersion, Identifier: binary.BigEndian.Uint64(b[:]) >> 1}
}

// String gives the file's content: two lines.
func (v Version) String() string { return fmt.Sprintf("%d\n%d\n", v.Format, v.Identifier) }

// ReadVersion reads and checks PGD_VERSION. A format that this binary does not write is refused with what to do.
func (d Dir) ReadVersion() (Version, error) {
	path := d.Path(VersionFile)
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return Version{}, &perms.Refusal{Message: fmt.Sprintf("%q is not a site: file %q does not exist", string(d), path),
			Hint: "Make a site with: pgd init site"}
	}
	if os.IsPermission(err) {
		// Whose it is says more than that it cannot be read.
		if wrong := d.Check(uint32(os.Geteuid())); wrong != nil {
			return Version{}, wrong
		}
	}
	if err != nil {
		return Version{}, fmt.Errorf("open %s: %w", path, err)
	}
	defer f.Close()
	buf := make([]byte, 128)
	n, _ := f.Read(buf)
	v, err := ParseVersion(string(buf[:n]))
	if err != nil {
		return v, &perms.Refusal{Message: fmt.Sprintf("file %q is damaged: %s", path, err), Hint: "Restore it from a backup of the site."}
	}
	if v.Format > FormatVersion {
		return v, &perms.Refusal{
			Message: fmt.Sprintf("site %q has format version %d, this pgd knows up to %d", string(d), v.Format, FormatVersion),
			Hint:    "It was made by a newer pgd: run it with that version, or a newer one."}
	}
	if v.Format < FormatVersion {
		return v, &perms.Refusal{
			Message: fmt.Sprintf("site %q has format version %d, this pgd needs %d", string(d), v.Format, FormatVersion),
			Hint:    "Run: pgd upgrade " + string(d)}
	}
	return v, nil
}

// ParseVersion reads the two lines of PGD_VERSION.
func ParseVersion(text string) (Version, error) {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) != 2 {
		return Version{}, fmt.Errorf("two lines are needed, %d found", len(lines))
	}
	format, err := strconv.ParseUint(lines[0], 10, 16)
	if err != nil || format == 0 {
		return Version{}, fmt.Errorf("%q is no format version", lines[0])
	}
	id, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil {
		return Version{}, fmt.Errorf("%q is no site identifier", lines[1])
	}
	return Version{Format: int(format), Identifier: id}, nil
}
