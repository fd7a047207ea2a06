package handoff

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// A datagram begins with one byte that tells where its text is.
const (
	inline   = 'J' // the text follows
	inMemory = 'M' // the text is in a sealed memory file, the first descriptor
)

// maxText bounds a text in a memory file: a configuration, the only message that can be long.
const maxText = 16 << 20

const seals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE

// encode makes the datagram; done closes what it opened.
func encode(v any, files []*os.File) (b []byte, all []*os.File, done func(), err error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(text) < MaxMessage {
		return append([]byte{inline}, text...), files, func() {}, nil
	}
	if len(text) > maxText {
		return nil, nil, nil, fmt.Errorf("%w: %d bytes", ErrMessage, len(text))
	}
	f, err := memory(text)
	if err != nil {
		return nil, nil, nil, err
	}
	return []byte{inMemory}, append([]*os.File{f}, files...), func() { f.Close() }, nil
}

func memory(text []byte) (*os.File, error) {
	fd, err := unix.MemfdCreate("pgd-message", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, fmt.Errorf("memfd: %w", err)
	}
	f := os.NewFile(uintptr(fd), "message")
	if _, err := f.Write(text); err != nil {
		f.Close()
		return nil, fmt.Errorf("memfd: %w", err)
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals); err != nil {
		f.Close()
		return nil, fmt.Errorf("memfd: %w", err)
	}
	return f, nil
}

// text takes the message's text out of a datagram, and the descriptors that belong to its kind.
func text(b []byte, files []*os.File) ([]byte, []*os.File, error) {
	switch {
	case len(b) > 1 && b[0] == inline:
		return b[1:], files, nil
	case len(b) == 1 && b[0] == inMemory && len(files) > 0:
		t, err := readSealed(files[0])
		files[0].Close()
		if err != nil {
			closeAll(files[1:])
			return nil, nil, err
		}
		return t, files[1:], nil
	}
	closeAll(files)
	return nil, nil, ErrMessage
}

// readSealed reads a memory file that its sender can no longer change.
func readSealed(f *os.File) ([]byte, error) {
	got, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0)
	if err != nil || got&seals != seals {
		return nil, fmt.Errorf("%w: not a sealed memory file", ErrMessage)
	}
	st, err := f.Stat()
	if err != nil || st.Size() > maxText {
		return nil, fmt.Errorf("%w: too long", ErrMessage)
	}
	t := make([]byte, st.Size())
	if _, err := f.ReadAt(t, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return t, nil
}

// recv reads a message and hands its descriptors over; want says how many the decoded message must have.
func (c *Conn) recv(into any, want func() int) ([]*os.File, error) {
	b, files, err := c.receive()
	if err != nil {
		return nil, err
	}
	t, files, err := text(b, files)
	if err != nil {
		return nil, err
	}
	if err := unmarshal(t, into); err != nil {
		closeAll(files)
		return nil, err
	}
	if n := want(); n != len(files) && n >= 0 {
		closeAll(files)
		return nil, fmt.Errorf("%w: %d, not %d", ErrDescriptors, len(files), n)
	}
	return files, nil
}

func unmarshal(t []byte, into any) error {
	if err := json.Unmarshal(t, into); err != nil {
		return fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return nil
}

func none() int { return 0 }

// RecvStart reads a child's first message.
func (c *Conn) RecvStart() (*Start, error) {
	s := &Start{}
	if _, err := c.recv(s, none); err != nil {
		return nil, err
	}
	if s.Kind == "" || s.Site == "" {
		return nil, ErrMessage
	}
	return s, nil
}

// controlRow says what a kind of Control must have.
var controlRows = map[string]struct {
	descriptors           int // -1: one to a backend, none to the keeper
	client, settings, pid bool
}{
	ControlClient:   {descriptors: -1, client: true},
	ControlSettings: {settings: true},
	ControlLog:      {descriptors: 1},
	ControlAttach:   {descriptors: 1, pid: true},
	ControlGone:     {pid: true},
}

// RecvControl reads a message from the postmaster. The file is the client's socket, the log or the backend's channel, nil for
// kinds that have none.
func (c *Conn) RecvControl() (*Control, *os.File, error) {
	m := &Control{}
	files, err := c.recv(m, func() int {
		if r, ok := controlRows[m.Kind]; ok {
			return r.descriptors
		}
		return 0
	})
	if err != nil {
		return nil, nil, err
	}
	if err := m.check(len(files)); err != nil {
		closeAll(files)
		return nil, nil, err
	}
	if len(files) == 0 {
		return m, nil, nil
	}
	return m, files[0], nil
}

func (m *Control) check(files int) error {
	r, ok := controlRows[m.Kind]
	if !ok || r.client != (m.Client != nil) || r.settings != (m.Settings != nil) || r.pid && m.PID <= 0 || files > 1 {
		return fmt.Errorf("%w: control %q", ErrMessage, m.Kind)
	}
	if m.Client != nil && (m.Client.PID <= 0 || len(m.Client.Secret) > 32) {
		return fmt.Errorf("%w: client", ErrMessage)
	}
	return nil
}

// RecvReport reads a message from a child.
func (c *Conn) RecvReport() (*Report, error) {
	m := &Report{}
	if _, err := c.recv(m, none); err != nil {
		return nil, err
	}
	if m.Kind == "" || len(m.CancelSecret) > 32 {
		return nil, fmt.Errorf("%w: report %q", ErrMessage, m.Kind)
	}
	return m, nil
}
