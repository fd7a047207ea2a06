package keeper

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"pgd/backend/pgerr"
	"pgd/daemon/handoff"
)

// Codes of Authentication messages.
const (
	authCleartext    = 3
	authSASL         = 10
	authSASLContinue = 11
	authSASLFinal    = 12
)

const (
	mechScram     = "SCRAM-SHA-256"
	mechScramPlus = "SCRAM-SHA-256-PLUS"
)

// exchange is one method's conversation. step gets what the client said and gives what to say; done means that the
// client has proven itself. An error ends it.
type exchange interface {
	step(data []byte) (requests []handoff.AuthRequest, done bool, err error)
}

// scramServer is the server's side of RFC 5802 with SHA-256, as PostgreSQL speaks it: the user is the startup packet's, and
// the name in the client's message does not count. (The module xdg-go/scram looks verifiers up by that name, and has no
// exchange for users who do not exist.)
type scramServer struct {
	verifier verifier
	doomed   string // why the exchange cannot succeed, for the log; it is run to its end all the same
	binding  []byte // tls-server-end-point; nil without TLS

	state       int
	plus        bool
	chosen      bool // the mechanism, by a client that has said nothing more yet
	gs2         string
	firstBare   string
	serverFirst string
	nonce       string
}

const (
	scramInit = iota
	scramSalted
	scramDone
)

// errPassword is any failure to know the password; its text is for the log.
type errPassword string

func (e errPassword) Error() string { return string(e) }

// offer is the first message: the mechanisms, the one with channel binding first.
func (s *scramServer) offer() handoff.AuthRequest {
	list := mechScram + "\x00\x00"
	if s.binding != nil {
		list = mechScramPlus + "\x00" + list
	}
	return handoff.AuthRequest{Code: authSASL, Data: []byte(list)}
}

func (s *scramServer) step(data []byte) ([]handoff.AuthRequest, bool, error) {
	switch s.state {
	case scramInit:
		message, err := s.initial(data)
		if err != nil {
			return nil, false, err
		}
		if message == nil {
			// A client that chose a mechanism and said nothing yet gets an empty challenge.
			return []handoff.AuthRequest{{Code: authSASLContinue}}, false, nil
		}
		if err := s.clientFirst(string(message)); err != nil {
			return nil, false, err
		}
		s.state = scramSalted
		return []handoff.AuthRequest{{Code: authSASLContinue, Data: []byte(s.serverFirst)}}, false, nil
	case scramSalted:
		s.state = scramDone
		final, err := s.clientFinal(string(data))
		if err != nil {
			return nil, false, err
		}
		return []handoff.AuthRequest{{Code: authSASLFinal, Data: []byte(final)}}, true, nil
	}
	return nil, false, malformed("")
}

func malformed(detail string) error {
	e := pgerr.Fatal(pgerr.ProtocolViolation, "malformed SCRAM message")
	e.Detail = detail
	return e
}

// initial reads SASLInitialResponse: mechanism, length (-1 for nothing yet), message.
func (s *scramServer) initial(data []byte) ([]byte, error) {
	if s.chosen {
		return data, nil
	}
	mech, rest, ok := strings.Cut(string(data), "\x00")
	if !ok {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "invalid string in message")
	}
	switch {
	case mech == mechScramPlus && s.binding != nil:
		s.plus = true
	case mech == mechScram:
	default:
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "client selected an invalid SASL authentication mechanism")
	}
	if len(rest) < 4 {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "insufficient data left in message")
	}
	n := int32(binary.BigEndian.Uint32([]byte(rest)))
	rest = rest[4:]
	if n == -1 {
		s.chosen = true
		return nil, nil
	}
	if n < 0 || int(n) > len(rest) {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "insufficient data left in message")
	}
	if int(n) != len(rest) {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "invalid message format")
	}
	return []byte(rest), nil
}

// clientFirst reads "gs2-header n=user,r=nonce" and prepares the answer.
func (s *scramServer) clientFirst(m string) error {
	if m == "" {
		return malformed("The message is empty.")
	}
	if strings.IndexByte(m, 0) >= 0 {
		return malformed("Message length does not match input length.")
	}
	rest := m[1:]
	switch m[0] {
	case 'n':
		if s.plus {
			return malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.")
		}
	case 'y':
		if s.plus {
			return malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.")
		}
		if s.binding != nil {
			return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "SCRAM channel binding negotiation error").
				WithDetail("%s", "The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.")
		}
	case 'p':
		if !s.plus {
			return malformed("The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.")
		}
		name, after, ok := strings.Cut(rest, ",")
		kind, isKind := strings.CutPrefix(name, "=")
		if !ok || !isKind {
			return malformed(fmt.Sprintf(`Expected attribute "%c" but found "%s".`, 'p', printable(m)))
		}
		if kind != "tls-server-end-point" {
			return pgerr.Fatal(pgerr.ProtocolViolation, `unsupported SCRAM channel-binding type "%s"`, printableText(kind))
		}
		rest = "," + after
	default:
		return malformed(fmt.Sprintf(`Unexpected channel-binding flag "%s".`, printable(m)))
	}
	if rest == "" || rest[0] != ',' {
		return malformed(fmt.Sprintf(`Comma expected, but found character "%s".`, printable(rest)))
	}
	rest = rest[1:]
	switch {
	case strings.HasPrefix(rest, "a="):
		return pgerr.Fatal(pgerr.FeatureNotSupported, "client uses authorization identity, but it is not supported")
	case rest == "" || rest[0] != ',':
		return malformed(fmt.Sprintf(`Unexpected attribute "%s" in client-first-message.`, printable(rest)))
	}
	bare := rest[1:]
	s.gs2 = m[:len(m)-len(bare)]
	s.firstBare = bare
	if strings.HasPrefix(bare, "m=") {
		return pgerr.Fatal(pgerr.FeatureNotSupported, "client requires an unsupported SCRAM extension")
	}
	_, after, err := attribute(bare, 'n')
	if err != nil {
		return err
	}
	clientNonce, after, err := attribute(after, 'r')
	if err != nil {
		return err
	}
	for i := 0; i < len(clientNonce); i++ {
		if c := clientNonce[i]; c < 0x21 || c > 0x7e || c == ',' {
			return pgerr.Fatal(pgerr.ProtocolViolation, "non-printable characters in SCRAM nonce")
		}
	}
	// Extensions that are not mandatory are passed over, but must be well formed.
	for after != "" {
		if _, _, after, err = splitAttribute(after); err != nil {
			return err
		}
	}
	raw := make([]byte, 18)
	rand.Read(raw)
	s.nonce = clientNonce + base64.StdEncoding.EncodeToString(raw)
	s.serverFirst = fmt.Sprintf("r=%s,s=%s,i=%d", s.nonce, base64.StdEncoding.EncodeToString(s.verifier.salt), s.verifier.iterations)
	return nil
}

// attribute reads "x=value" up to a comma.
func attribute(m string, name byte) (value, rest string, err error) {
	if m == "" || m[0] != name {
		return "", "", malformed(fmt.Sprintf(`Expected attribute "%c" but found "%s".`, name, printable(m)))
	}
	if len(m) < 2 || m[1] != '=' {
		return "", "", malformed(fmt.Sprintf(`Expected character "=" for attribute "%c".`, name))
	}
	value, rest, _ = strings.Cut(m[2:], ",")
	return value, rest, nil
}

// splitAttribute reads "x=value" of any name.
func splitAttribute(m string) (name byte, value, rest string, err error) {
	switch {
	case m == "":
		return 0, "", "", malformed("Attribute expected, but found end of string.")
	case (m[0] < 'A' || m[0] > 'Z') && (m[0] < 'a' || m[0] > 'z'):
		return 0, "", "", malformed(fmt.Sprintf(`Attribute expected, but found invalid character "%s".`, printable(m)))
	}
	value, rest, err = attribute(m, m[0])
	return m[0], value, rest, err
}

// clientFinal reads "c=binding,r=nonce,p=proof" and checks the proof.
func (s *scramServer) clientFinal(m string) (string, error) {
	if m == "" {
		return "", malformed("The message is empty.")
	}
	if strings.IndexByte(m, 0) >= 0 {
		return "", malformed("Message length does not match input length.")
	}
	binding, rest, err := attribute(m, 'c')
	if err != nil {
		return "", err
	}
	want := []byte(s.gs2)
	if s.plus {
		want = append(want, s.binding...)
	}
	if subtle.ConstantTimeCompare([]byte(binding), []byte(base64.StdEncoding.EncodeToString(want))) != 1 {
		if s.plus {
			return "", pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "SCRAM channel binding check failed")
		}
		return "", pgerr.Fatal(pgerr.ProtocolViolation, "unexpected SCRAM channel-binding attribute in client-final-message")
	}
	nonce, rest, err := attribute(rest, 'r')
	if err != nil {
		return "", err
	}
	// The proof is the last attribute; extensions may stand before it.
	var name byte
	before, text := "", ""
	for name != 'p' {
		before = m[:len(m)-len(rest)]
		var value string
		if name, value, rest, err = splitAttribute(rest); err != nil {
			return "", err
		}
		text = value
	}
	withoutProof, after := strings.TrimSuffix(before, ","), rest
	proof, e := base64.StdEncoding.DecodeString(text)
	if e != nil || len(proof) != sha256.Size {
		return "", malformed("Malformed proof in client-final-message.")
	}
	if after != "" {
		return "", malformed("Garbage found at the end of client-final-message.")
	}
	if nonce != s.nonce {
		return "", pgerr.Fatal(pgerr.ProtocolViolation, "invalid SCRAM response").WithDetail("Nonce does not match.")
	}
	auth := s.firstBare + "," + s.serverFirst + "," + withoutProof
	clientSignature := mac(s.verifier.storedKey, auth)
	key := make([]byte, sha256.Size)
	subtle.XORBytes(key, proof, clientSignature)
	stored := sha256.Sum256(key)
	if !hmac.Equal(stored[:], s.verifier.storedKey) || s.doomed != "" {
		return "", errPassword(s.doomed)
	}
	return "v=" + base64.StdEncoding.EncodeToString(mac(s.verifier.serverKey, auth)), nil
}

// printable gives the first character of what a client sent, as PostgreSQL's sanitize_char does.
func printable(m string) string {
	if m == "" {
		return "0x00"
	}
	if c := m[0]; c < 0x21 || c > 0x7e {
		return fmt.Sprintf("0x%02x", c)
	}
	return "'" + m[:1] + "'"
}

func printableText(m string) string {
	out := []byte(m)
	if len(out) > 30 {
		out = out[:30]
	}
	for i, c := range out {
		if c < 0x21 || c > 0x7e {
			out[i] = '?'
		}
	}
	return string(out)
}
