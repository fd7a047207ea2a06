package handoff

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// ErrFull is TrySend's answer when the other side does not read.
var ErrFull = errors.New("channel is full")

// ErrDescriptors is the error for a message that came with more or fewer descriptors than its kind has.
var ErrDescriptors = errors.New("wrong number of descriptors")

// maxFDs is the most descriptors one datagram may carry: a memory file in place of a long text, and what its kind has.
const maxFDs = 2

// Conn is one end of a channel. Sends and receives may be on different goroutines, but not two of the same. A receive waits in
// the runtime's poller, so it costs no thread.
type Conn struct {
	c   *net.UnixConn
	buf []byte
	oob []byte
}

// Pair makes a channel: this process's end, and the other as a file to be given to a child.
func Pair() (*Conn, *os.File, error) {
	fds, err := socketPair()
	if err != nil {
		return nil, nil, err
	}
	other := os.NewFile(uintptr(fds[1]), "channel")
	c, err := Take(os.NewFile(uintptr(fds[0]), "channel"))
	if err != nil {
		other.Close()
		return nil, nil, err
	}
	return c, other, nil
}

// FilePair makes a channel both of whose ends go to children.
func FilePair() (a, b *os.File, err error) {
	fds, err := socketPair()
	if err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(fds[0]), "channel"), os.NewFile(uintptr(fds[1]), "channel"), nil
}

func socketPair() ([2]int, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fds, fmt.Errorf("socketpair: %w", err)
	}
	return fds, nil
}

// Inherited takes the descriptor this process was born with (FdControl, FdKeeper). What is not a channel is refused. The
// descriptor itself becomes close-on-exec and stays open under its number no longer.
func Inherited(fd int) (*Conn, error) {
	typ, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil {
		return nil, fmt.Errorf("descriptor %d: %w", fd, err)
	}
	if domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err != nil || domain != unix.AF_UNIX || typ != unix.SOCK_SEQPACKET {
		return nil, fmt.Errorf("descriptor %d is not a channel", fd)
	}
	unix.CloseOnExec(fd)
	return Take(os.NewFile(uintptr(fd), "channel"))
}

// Take makes a Conn of a channel's file, which it closes.
func Take(f *os.File) (*Conn, error) {
	defer f.Close()
	c, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("channel: %w", err)
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		c.Close()
		return nil, errors.New("not a channel")
	}
	return &Conn{c: u}, nil
}

// Close closes this end.
func (c *Conn) Close() error { return c.c.Close() }

// SetReadDeadline bounds receives.
func (c *Conn) SetReadDeadline(t time.Time) error { return c.c.SetReadDeadline(t) }

// SetWriteDeadline bounds sends.
func (c *Conn) SetWriteDeadline(t time.Time) error { return c.c.SetWriteDeadline(t) }

// Send sends one message with descriptors, waiting where the channel is full. The files stay the caller's.
func (c *Conn) Send(v any, files ...*os.File) error {
	b, files, done, err := encode(v, files)
	if err != nil {
		return err
	}
	defer done()
	if _, _, err = c.c.WriteMsgUnix(b, rights(files), nil); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// TrySend is Send that answers ErrFull instead of waiting.
func (c *Conn) TrySend(v any, files ...*os.File) error {
	b, files, done, err := encode(v, files)
	if err != nil {
		return err
	}
	defer done()
	raw, err := c.c.SyscallConn()
	if err != nil {
		return err
	}
	oob := rights(files)
	var sent error
	if err := raw.Write(func(fd uintptr) bool {
		sent = unix.Sendmsg(int(fd), b, oob, nil, unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
		return true
	}); err != nil {
		return err
	}
	if errors.Is(sent, unix.EAGAIN) || errors.Is(sent, unix.ENOBUFS) {
		return ErrFull
	}
	return sent
}

func rights(files []*os.File) []byte {
	if len(files) == 0 {
		return nil
	}
	fds := make([]int, len(files))
	for i, f := range files {
		fds[i] = int(f.Fd())
	}
	return unix.UnixRights(fds...)
}

// receive reads one datagram; the bytes are borrowed until the next receive. io.EOF is the end of
// the other side, os.ErrClosed that this one was closed.
func (c *Conn) receive() ([]byte, []*os.File, error) {
	if c.buf == nil {
		c.buf, c.oob = make([]byte, MaxMessage+1), make([]byte, unix.CmsgSpace(4*(maxFDs+1)))
	}
	n, oobn, flags, _, err := c.c.ReadMsgUnix(c.buf, c.oob)
	if errors.Is(err, unix.ECONNRESET) {
		// The other side ended with something of ours unread. The kernel says so first, and then still delivers what it sent.
		n, oobn, flags, _, err = c.c.ReadMsgUnix(c.buf, c.oob)
	}
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, unix.ECONNRESET) {
			err = io.EOF
		}
		if errors.Is(err, net.ErrClosed) {
			err = os.ErrClosed
		}
		return nil, nil, err
	}
	files, err := descriptors(c.oob[:oobn])
	switch {
	case err != nil:
	case n == 0 && oobn == 0:
		err = io.EOF // no message of a channel is empty
	case flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0:
		err = fmt.Errorf("%w: too long", ErrMessage)
	case len(files) > maxFDs:
		err = fmt.Errorf("%w: %d", ErrDescriptors, len(files))
	}
	if err != nil {
		closeAll(files)
		return nil, nil, err
	}
	return c.buf[:n], files, nil
}

// descriptors takes what SCM_RIGHTS delivered; they are close-on-exec (Go receives with MSG_CMSG_CLOEXEC).
func descriptors(oob []byte) ([]*os.File, error) {
	if len(oob) == 0 {
		return nil, nil
	}
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMessage, err)
	}
	var files []*os.File
	for i := range msgs {
		fds, err := unix.ParseUnixRights(&msgs[i])
		if err != nil {
			closeAll(files)
			return nil, fmt.Errorf("%w: %w", ErrMessage, err)
		}
		for _, fd := range fds {
			files = append(files, os.NewFile(uintptr(fd), "received"))
		}
	}
	return files, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}
