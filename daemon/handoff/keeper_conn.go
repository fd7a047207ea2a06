package handoff

import "fmt"

// RecvAsk reads a backend's request. Nothing but a short text is accepted: no descriptors, no memory file. The answer's
// bytes are its own.
func (c *Conn) RecvAsk() (*Ask, error) {
	b, err := c.recvShort()
	if err != nil {
		return nil, err
	}
	a, err := DecodeAsk(b)
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// RecvAnswer reads the keeper's reply.
func (c *Conn) RecvAnswer() (*Answer, error) {
	b, err := c.recvShort()
	if err != nil {
		return nil, err
	}
	a, err := DecodeAnswer(b)
	if err != nil {
		return nil, err
	}
	return &a, nil
}

// recvShort reads a datagram that carries its text itself. Unmarshal copies what it keeps, so the bytes may be borrowed.
func (c *Conn) recvShort() ([]byte, error) {
	b, files, err := c.receive()
	if err != nil {
		return nil, err
	}
	if len(files) > 0 {
		closeAll(files)
		return nil, fmt.Errorf("%w: unexpected", ErrDescriptors)
	}
	if len(b) < 2 || b[0] != inline {
		return nil, ErrMessage
	}
	return b[1:], nil
}

// SendShort sends an Ask or an Answer, which must fit into one datagram.
func (c *Conn) SendShort(v any) error {
	b, _, done, err := encode(v, nil)
	if err != nil {
		return err
	}
	defer done()
	if b[0] != inline {
		return fmt.Errorf("%w: longer than %d bytes", ErrMessage, MaxMessage)
	}
	_, err = c.c.Write(b)
	return err
}
