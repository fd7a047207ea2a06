package client

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"
)

// password asks twice and sends the SCRAM verifier: the password itself stays on this side.
func (s *session) password(_ string, args []string, _ Piece) error {
	role := s.config.User
	if len(args) > 0 {
		role = strings.Trim(args[0], `"`)
	}
	if !isTerminal(s.In) {
		return s.fail(errors.New("\\password needs a terminal"), "")
	}
	var typed [2][]byte
	for i, ask := range []string{fmt.Sprintf("Enter new password for user \"%s\": ", role), "Enter it again: "} {
		fmt.Fprint(os.Stdout, ask)
		b, err := term.ReadPassword(int(s.In.Fd()))
		fmt.Fprintln(os.Stdout)
		if err != nil {
			return s.fail(err, "")
		}
		typed[i] = b
	}
	if string(typed[0]) != string(typed[1]) {
		return s.fail(errors.New("passwords didn't match"), "")
	}
	if len(typed[0]) == 0 {
		return s.fail(errors.New("an empty password is no password"), "")
	}
	v, err := verifier(string(typed[0]))
	if err != nil {
		return s.fail(err, "")
	}
	return s.statement(`ALTER USER "`+strings.ReplaceAll(role, `"`, `""`)+`" PASSWORD '`+v+`'`, s.Format)
}

// verifier makes a SCRAM-SHA-256 verifier as RFC 5803 writes it, for a password of printable ASCII; others are used as they are, as
// PostgreSQL does where SASLprep does not apply.
func verifier(password string) (string, error) {
	const iterations = 4096
	salt := make([]byte, 16)
	rand.Read(salt)
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", err
	}
	mac := func(text string) []byte {
		h := hmac.New(sha256.New, salted)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	stored := sha256.Sum256(mac("Client Key"))
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, b64(salt), b64(stored[:]), b64(mac("Server Key"))), nil
}
