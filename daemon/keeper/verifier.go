package keeper

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/xdg-go/stringprep"

	"pgd/backend/pgerr"
)

// defaultIterations is PostgreSQL's scram_iterations.
const defaultIterations = 4096

const saltLength = 16

// verifier is a parsed "SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey".
type verifier struct {
	iterations           int
	salt                 []byte
	storedKey, serverKey []byte
}

var errVerifier = errors.New("not a SCRAM-SHA-256 verifier")

// parseVerifier reads a stored verifier. It refuses what would cost too much to check.
func parseVerifier(s string) (v verifier, err error) {
	rest, ok := strings.CutPrefix(s, "SCRAM-SHA-256$")
	if !ok {
		return v, errVerifier
	}
	head, keys, ok := strings.Cut(rest, "$")
	iterations, salt, ok1 := strings.Cut(head, ":")
	stored, server, ok2 := strings.Cut(keys, ":")
	if !ok || !ok1 || !ok2 {
		return v, errVerifier
	}
	if v.iterations, err = strconv.Atoi(iterations); err != nil || v.iterations < 1 {
		return v, errVerifier
	}
	std := base64.StdEncoding
	var e1, e2, e3 error
	v.salt, e1 = std.DecodeString(salt)
	v.storedKey, e2 = std.DecodeString(stored)
	v.serverKey, e3 = std.DecodeString(server)
	if e1 != nil || e2 != nil || e3 != nil || len(v.salt) == 0 || len(v.storedKey) != sha256.Size || len(v.serverKey) != sha256.Size {
		return v, errVerifier
	}
	return v, nil
}

func (v verifier) String() string {
	std := base64.StdEncoding
	return "SCRAM-SHA-256$" + strconv.Itoa(v.iterations) + ":" + std.EncodeToString(v.salt) + "$" +
		std.EncodeToString(v.storedKey) + ":" + std.EncodeToString(v.serverKey)
}

// prepare applies SASLprep; a password it refuses is used as it is, as PostgreSQL does.
func prepare(password string) string {
	if p, err := stringprep.SASLprep.Prepare(password); err == nil && p != "" {
		return p
	}
	return password
}

func derive(password string, salt []byte, iterations int) (v verifier, err error) {
	salted, err := pbkdf2.Key(sha256.New, prepare(password), salt, iterations, sha256.Size)
	if err != nil {
		return v, err
	}
	clientKey := mac(salted, "Client Key")
	stored := sha256.Sum256(clientKey)
	return verifier{iterations, salt, stored[:], mac(salted, "Server Key")}, nil
}

func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// mostIterations bounds the work a verifier that somebody brought along can make of a password sent in the clear.
const mostIterations = 10_000_000

// matches tells whether a password sent in the clear is the verifier's.
func (v verifier) matches(password string) bool {
	if v.iterations > mostIterations {
		return false
	}
	got, err := derive(password, v.salt, v.iterations)
	return err == nil && subtle.ConstantTimeCompare(got.storedKey, v.storedKey) == 1
}

var md5Hash = regexp.MustCompile(`^md5[0-9a-f]{32}$`)

// makeVerifier turns what CREATE ROLE was given into what is stored: a verifier as it is, a password as a new verifier.
func makeVerifier(password string, iterations int) (string, error) {
	if v, err := parseVerifier(password); err == nil {
		return v.String(), nil
	}
	if md5Hash.MatchString(password) {
		return "", pgerr.New(pgerr.FeatureNotSupported, "MD5 password hashes are not supported").
			WithHint("Give the password itself, or a SCRAM-SHA-256 verifier.")
	}
	if iterations <= 0 {
		iterations = defaultIterations
	}
	salt := make([]byte, saltLength)
	rand.Read(salt)
	v, err := derive(password, salt, iterations)
	if err != nil {
		return "", err
	}
	return v.String(), nil
}

// mockVerifier is what an exchange with a user who does not exist (or has no password) runs against: the salt is always the same
// for the same name, so that nobody can tell the difference, and no proof fits.
func mockVerifier(user string, nonce []byte) verifier {
	h := sha256.New()
	h.Write([]byte(user))
	h.Write(nonce)
	return verifier{defaultIterations, h.Sum(nil)[:saltLength], make([]byte, sha256.Size), make([]byte, sha256.Size)}
}
