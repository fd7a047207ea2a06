package logging

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"pgd/install/settings"
)

func redirect(fd int) error {
	for _, to := range []int{1, 2} {
		if err := unix.Dup3(fd, to, 0); err != nil {
			return fmt.Errorf("redirect log: %w", err)
		}
	}
	return nil
}

// Files is the rotating log of logging_collector. Only the postmaster has one: it opens files and hands them to its children.
type Files struct {
	dir, pattern string
	mode         os.FileMode
	size         int64
	age          time.Duration
	truncate     bool
	zone         *time.Location

	path string
	next time.Time // when age is reached
}

// NewFiles reads the settings; nil where the log does not go to files. site makes a relative log_directory absolute.
func NewFiles(site string, v *settings.Values) *Files {
	if !v.Bool("logging_collector") {
		return nil
	}
	f := &Files{
		dir: v.Get("log_directory"), pattern: v.Get("log_filename"), mode: os.FileMode(v.Int("log_file_mode")) & 0o777,
		size: v.Bytes("log_rotation_size"), age: v.Duration("log_rotation_age"), truncate: v.Bool("log_truncate_on_rotation"), zone: time.UTC,
	}
	if !filepath.IsAbs(f.dir) {
		f.dir = filepath.Join(site, f.dir)
	}
	if zone, err := time.LoadLocation(v.Get("log_timezone")); err == nil {
		f.zone = zone
	}
	return f
}

// Open opens the file for now. byAge tells that time, not size, was the reason: only then may an old file be overwritten.
func (f *Files) Open(now time.Time, byAge bool) (*os.File, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make log directory: %w", err)
	}
	path := filepath.Join(f.dir, expand(f.pattern, now.In(f.zone)))
	if filepath.Dir(path) != filepath.Clean(f.dir) {
		return nil, fmt.Errorf("log_filename %q leaves the log directory", f.pattern)
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND | unix.O_NOFOLLOW
	if f.truncate && byAge && path != f.path {
		flags |= os.O_TRUNC
	}
	file, err := os.OpenFile(path, flags, f.mode)
	if err != nil {
		return nil, fmt.Errorf("open log file: %w", err)
	}
	f.path = path
	if f.age > 0 {
		f.next = now.In(f.zone).Truncate(f.age).Add(f.age)
	}
	return file, nil
}

// Due says whether the current file is too old or too large.
func (f *Files) Due(now time.Time) (due, byAge bool) {
	if f.age > 0 && !f.next.IsZero() && !now.Before(f.next) {
		return true, true
	}
	if f.size > 0 {
		if st, err := os.Stat(f.path); err == nil && st.Size() >= f.size {
			// A pattern without seconds gives the same name again; there is no point in opening it over and over.
			return expand(f.pattern, now.In(f.zone)) != filepath.Base(f.path), false
		}
	}
	return false, false
}

// Path is the current file.
func (f *Files) Path() string { return f.path }

// expand knows strftime's escapes that make sense in a file name.
func expand(pattern string, t time.Time) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '%' || i+1 == len(pattern) {
			b.WriteByte(pattern[i])
			continue
		}
		i++
		layout, ok := map[byte]string{'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'a': "Mon", 'A': "Monday",
			'b': "Jan", 'B': "January", 'j': "002", 'Z': "MST", 'z': "-0700", 'I': "03", 'p': "PM"}[pattern[i]]
		switch {
		case ok:
			b.WriteString(t.Format(layout))
		case pattern[i] == 's':
			fmt.Fprintf(&b, "%d", t.Unix())
		case pattern[i] == '%':
			b.WriteByte('%')
		default:
			b.WriteString(pattern[i-1 : i+1])
		}
	}
	return b.String()
}
