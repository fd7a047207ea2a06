package wire

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
)

// Kind tells what a client's first packet asks for.
type Kind uint8

// Kinds of first packets.
const (
	StartSession Kind = iota
	StartSSL
	StartGSSENC
	StartCancel
)

// Codes that stand where a version number would.
const (
	codeCancel = 80877102
	codeSSL    = 80877103
	codeGSSENC = 80877104
)

// Versions of the protocol.
const (
	Protocol30 = 3 << 16
	Protocol32 = 3<<16 | 2
)

// maxCancelKey is the longest cancel key, by protocol 3.2.
const maxCancelKey = 256

// Startup is a client's first packet.
type Startup struct {
	Kind Kind
	// Protocol is the version that is spoken from here: the one asked for, or the newest this side knows. Asked is the one asked for.
	Protocol, Asked uint32
	// Params are the parameters, protocol options excepted. "user" is always there and not empty, "database" also.
	Params map[string]string
	// Unknown are the protocol options (_pq_.…) asked for, none of which is known.
	Unknown []string
	// CancelPID and CancelKey are those of a cancel request.
	CancelPID int32
	CancelKey []byte
}

// Negotiate tells whether the client must be told by NegotiateProtocolVersion what it gets.
func (s *Startup) Negotiate() bool { return s.Protocol != s.Asked || len(s.Unknown) > 0 }

// ReadStartup reads exactly one packet from a connection on which the client speaks first; it reads no byte ahead, so that a TLS
// handshake can follow. The error is io.EOF when the client left without a word, what the connection answered, or
// a FATAL *pgerr.Error to be sent. Silent(err) tells which of those PostgreSQL only logs.
func ReadStartup(r io.Reader) (Startup, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = incomplete(err)
		}
		return Startup{}, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n < 8 || n > StartupMessage {
		e := pgerr.Fatal(pgerr.ProtocolViolation, "invalid length of startup packet").WithCause(errSilent)
		switch {
		case isHTTP(head[:]):
			e.Detail = "The client speaks HTTP."
		case head[0] == 0x16 && head[1] == 3:
			e.Detail = "The client began with a TLS handshake instead of an SSLRequest."
		}
		return Startup{}, e
	}
	body := make([]byte, n-4)
	if _, err := io.ReadFull(r, body); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = incomplete(io.ErrUnexpectedEOF)
		}
		return Startup{}, err
	}
	return parseStartup(body)
}

var errSilent = errors.New("not a client of this protocol")

// Silent tells whether err is one PostgreSQL writes to its log without an answer to the client, because who is
// there most likely speaks another protocol.
func Silent(err error) bool { return errors.Is(err, errSilent) }

func incomplete(cause error) error {
	return pgerr.Fatal(pgerr.ProtocolViolation, "incomplete startup packet").WithCause(errors.Join(errSilent, cause))
}

func isHTTP(head []byte) bool {
	switch string(head) {
	case "GET ", "POST", "HEAD", "PUT ", "OPTI", "CONN", "DELE", "PATC", "TRAC", "PRI ":
		return true
	}
	return false
}

// parseStartup reads what follows the length; body has at least 4 bytes.
func parseStartup(body []byte) (Startup, error) {
	version := binary.BigEndian.Uint32(body)
	rest := body[4:]
	switch version {
	case codeCancel:
		if len(rest) < 8 || len(rest) > 4+maxCancelKey {
			return Startup{}, pgerr.Fatal(pgerr.ProtocolViolation, "invalid length of startup packet").WithCause(errSilent)
		}
		return Startup{Kind: StartCancel, CancelPID: int32(binary.BigEndian.Uint32(rest)), CancelKey: rest[4:]}, nil
	case codeSSL, codeGSSENC:
		if len(rest) != 0 {
			return Startup{}, pgerr.Fatal(pgerr.ProtocolViolation, "invalid length of startup packet").WithCause(errSilent)
		}
		if version == codeSSL {
			return Startup{Kind: StartSSL}, nil
		}
		return Startup{Kind: StartGSSENC}, nil
	}
	if version>>16 != 3 {
		return Startup{}, pgerr.Fatal(pgerr.FeatureNotSupported, "unsupported frontend protocol %d.%d: server supports 3.0 to 3.2", version>>16, version&0xffff)
	}
	s := Startup{Asked: version, Protocol: version, Params: map[string]string{}}
	// There is no 3.1; 3.2 is the newest. A client that asks for something between or newer is told the best that both have.
	switch {
	case version > Protocol32:
		s.Protocol = Protocol32
	case version == Protocol30+1:
		s.Protocol = Protocol30
	}
	for {
		i := strings.IndexByte(string(rest), 0)
		if i < 0 {
			return Startup{}, badLayout()
		}
		if i == 0 {
			if len(rest) != 1 {
				return Startup{}, badLayout()
			}
			break
		}
		name := string(rest[:i])
		rest = rest[i+1:]
		j := strings.IndexByte(string(rest), 0)
		if j < 0 {
			return Startup{}, badLayout()
		}
		value := string(rest[:j])
		rest = rest[j+1:]
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			return Startup{}, pgerr.Fatal(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\" in startup packet")
		}
		if strings.HasPrefix(name, "_pq_.") {
			s.Unknown = append(s.Unknown, name)
			continue
		}
		s.Params[name] = value
	}
	if s.Params["user"] == "" {
		return Startup{}, pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "no PostgreSQL user name specified in startup packet")
	}
	if s.Params["database"] == "" {
		s.Params["database"] = s.Params["user"]
	}
	for _, name := range [...]string{"user", "database"} {
		s.Params[name] = truncate(s.Params[name])
	}
	return s, nil
}

func badLayout() error {
	return pgerr.Fatal(pgerr.ProtocolViolation, "invalid startup packet layout: expected terminator as last byte")
}

// truncate cuts a name to the length names have, at a character.
func truncate(name string) string {
	const longest = 63
	if len(name) <= longest {
		return name
	}
	n := longest
	for n > 0 && !utf8.RuneStart(name[n]) {
		n--
	}
	return name[:n]
}
