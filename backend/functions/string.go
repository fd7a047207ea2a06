package functions

import (
	"bytes"
	"crypto/md5"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// maxText is the largest value PostgreSQL allocates.
const maxText = 0x3fffffff

var errTextTooLong = pgerr.New(pgerr.ProgramLimitExceeded, "requested length too large")

func stringRows() []Row {
	rs := []Row{
		{Sig: "textcat(text,text)", SQL: "($1 || $2)"},
		{Sig: "byteacat(bytea,bytea)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.BlobValue(append(append([]byte{}, a[0].B...), a[1].B...)), nil
		}},
		{Sig: "lower(text)", Scalar: textToText(lowerText)}, {Sig: "upper(text)", Scalar: textToText(upperText)},
		{Sig: "initcap(text)", Scalar: textToText(initcap)},
		{Sig: "length(text)", Scalar: textToInt(countChars)}, {Sig: "char_length(text)", Scalar: textToInt(countChars)},
		{Sig: "character_length(text)", Scalar: textToInt(countChars)}, {Sig: "textlen(text)", Scalar: textToInt(countChars)},
		{Sig: "length(character)", Scalar: textToInt(countTrimmed)}, {Sig: "char_length(character)", Scalar: textToInt(countTrimmed)},
		{Sig: "character_length(character)", Scalar: textToInt(countTrimmed)},
		{Sig: "octet_length(text)", Scalar: textToInt(countBytes)}, {Sig: "octet_length(bytea)", Scalar: textToInt(countBytes)},
		{Sig: "octet_length(character)", Scalar: textToInt(countBytes)}, {Sig: "length(bytea)", Scalar: textToInt(countBytes)},
		{Sig: "bit_length(text)", Scalar: textToInt(countBits)}, {Sig: "bit_length(bytea)", Scalar: textToInt(countBits)},
		{Sig: "reverse(text)", Scalar: textToText(reverse)},
		{Sig: "replace(text,text,text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if len(a[1].B) == 0 {
				return a[0].Clone(), nil
			}
			return types.TextValue(bytes.ReplaceAll(a[0].B, a[1].B, a[2].B)), nil
		}},
		{Sig: "repeat(text,integer)", Scalar: repeat},
		{Sig: "\"left\"(text,integer)", Scalar: left}, {Sig: "\"right\"(text,integer)", Scalar: right},
		{Sig: "lpad(text,integer,text)", Scalar: pad(true)}, {Sig: "rpad(text,integer,text)", Scalar: pad(false)},
		{Sig: "lpad(text,integer)", Scalar: pad(true)}, {Sig: "rpad(text,integer)", Scalar: pad(false)},
		{Sig: "split_part(text,text,integer)", Scalar: splitPart},
		{Sig: "starts_with(text,text)", Scalar: textPredicate(func(a, b string) (bool, error) { return strings.HasPrefix(a, b), nil }, false)},
		{Sig: "strpos(text,text)", Scalar: position(0, 1)}, {Sig: "\"position\"(text,text)", Scalar: position(0, 1)},
		{Sig: "\"position\"(bytea,bytea)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(bytes.Index(a[0].B, a[1].B) + 1)), nil
		}},
		{Sig: "translate(text,text,text)", Scalar: translate},
		{Sig: "ascii(text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if len(a[0].B) == 0 {
				return types.IntValue(0), nil
			}
			r, _ := utf8.DecodeRune(a[0].B)
			return types.IntValue(int64(r)), nil
		}},
		{Sig: "chr(integer)", Scalar: chr},
		{Sig: "md5(text)", Scalar: digest(func(b []byte) string { s := md5.Sum(b); return hex.EncodeToString(s[:]) })},
		{Sig: "md5(bytea)", Scalar: digest(func(b []byte) string { s := md5.Sum(b); return hex.EncodeToString(s[:]) })},
		{Sig: "sha224(bytea)", Scalar: hash(func(b []byte) []byte { s := sha256.Sum224(b); return s[:] })},
		{Sig: "sha256(bytea)", Scalar: hash(func(b []byte) []byte { s := sha256.Sum256(b); return s[:] })},
		{Sig: "sha384(bytea)", Scalar: hash(func(b []byte) []byte { s := sha512.Sum384(b); return s[:] })},
		{Sig: "sha512(bytea)", Scalar: hash(func(b []byte) []byte { s := sha512.Sum512(b); return s[:] })},
		{Sig: "to_hex(integer)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(strings.ToLower(hexInt(uint64(uint32(a[0].I))))), nil
		}},
		{Sig: "to_hex(bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(hexInt(uint64(a[0].I))), nil
		}},
	}
	for _, n := range []string{"btrim", "ltrim", "rtrim"} {
		side := n
		rs = append(rs,
			Row{Sig: n + "(text)", Scalar: textToText(func(s string) string { return trimSet(s, " ", side) })},
			Row{Sig: n + "(text,text)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return types.StringValue(trimSet(string(a[0].B), string(a[1].B), side)), nil
			}},
			Row{Sig: n + "(bytea,bytea)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return types.BlobValue(trimBytes(a[0].B, a[1].B, side)), nil
			}})
	}
	for _, n := range []string{"substr", "\"substring\""} {
		rs = append(rs, Row{Sig: n + "(text,integer)", Scalar: substring}, Row{Sig: n + "(text,integer,integer)", Scalar: substring},
			Row{Sig: n + "(bytea,integer)", Scalar: substringBytes}, Row{Sig: n + "(bytea,integer,integer)", Scalar: substringBytes})
	}
	return rs
}

func lowerText(s string) string {
	return strings.Map(func(r rune) rune { return unicode.ToLower(r) }, s)
}

func upperText(s string) string {
	return strings.Map(func(r rune) rune { return unicode.ToUpper(r) }, s)
}

// initcap makes the first letter of each run of letters and digits a capital.
func initcap(s string) string {
	inWord := false
	return strings.Map(func(r rune) rune {
		defer func() { inWord = unicode.IsLetter(r) || unicode.IsDigit(r) }()
		if inWord {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func countChars(b []byte) int64   { return int64(utf8.RuneCount(b)) }
func countTrimmed(b []byte) int64 { return int64(utf8.RuneCount(bytes.TrimRight(b, " "))) }
func countBytes(b []byte) int64   { return int64(len(b)) }
func countBits(b []byte) int64    { return int64(len(b)) * 8 }

func reverse(s string) string {
	out := make([]byte, 0, len(s))
	for len(s) > 0 {
		_, n := utf8.DecodeLastRuneInString(s)
		out = append(out, s[len(s)-n:]...)
		s = s[:len(s)-n]
	}
	return string(out)
}

func repeat(_ *Call, a []types.Value) (types.Value, error) {
	n := max(a[1].I, 0)
	if n > 0 && int64(len(a[0].B)) > maxText/n {
		return null, errTextTooLong
	}
	return types.TextValue(bytes.Repeat(a[0].B, int(n))), nil
}

// charOffset gives the byte offset after n characters, len(b) where there are fewer.
func charOffset(b []byte, n int64) int {
	i := 0
	for ; n > 0 && i < len(b); n-- {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, w := utf8.DecodeRune(b[i:])
		i += w
	}
	return i
}

func left(_ *Call, a []types.Value) (types.Value, error) {
	n := a[1].I
	if n < 0 {
		n = max(countChars(a[0].B)+n, 0)
	}
	return types.TextValue(a[0].B[:charOffset(a[0].B, n)]).Clone(), nil
}

func right(_ *Call, a []types.Value) (types.Value, error) {
	n := a[1].I
	skip := -n
	if n >= 0 {
		skip = max(countChars(a[0].B)-n, 0)
	}
	return types.TextValue(a[0].B[charOffset(a[0].B, skip):]).Clone(), nil
}

// span turns start (from 1, may be before the text) and length into a range of n units.
func span(a []types.Value) (from, to int64, err error) {
	from, to = a[1].I, math.MaxInt64
	if len(a) > 2 {
		n := a[2].I
		if n < 0 {
			return 0, 0, pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
		}
		to = from + n
	}
	return max(from, 1) - 1, max(to, 1) - 1, nil
}

func substring(_ *Call, a []types.Value) (types.Value, error) {
	from, to, err := span(a)
	if err != nil {
		return null, err
	}
	b := a[0].B
	if to <= from {
		return types.StringValue(""), nil
	}
	b = b[charOffset(b, from):]
	return types.TextValue(b[:charOffset(b, to-from)]).Clone(), nil
}

func substringBytes(_ *Call, a []types.Value) (types.Value, error) {
	from, to, err := span(a)
	if err != nil {
		return null, err
	}
	n := int64(len(a[0].B))
	from, to = min(from, n), min(to, n)
	if to <= from {
		return types.BlobValue([]byte{}), nil
	}
	return types.BlobValue(a[0].B[from:to]).Clone(), nil
}

func pad(front bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		n := max(a[1].I, 0)
		fill := []byte(" ")
		if len(a) > 2 {
			fill = a[2].B
		}
		if n*4 > maxText {
			return null, errTextTooLong
		}
		have := countChars(a[0].B)
		if have >= n || len(fill) == 0 {
			return types.TextValue(a[0].B[:charOffset(a[0].B, n)]).Clone(), nil
		}
		need := n - have
		count := countChars(fill)
		padding := bytes.Repeat(fill, int(need/count))
		padding = append(padding, fill[:charOffset(fill, need%count)]...)
		if front {
			return types.TextValue(append(padding, a[0].B...)), nil
		}
		return types.TextValue(append(append([]byte{}, a[0].B...), padding...)), nil
	}
}

func splitPart(_ *Call, a []types.Value) (types.Value, error) {
	s, sep, n := string(a[0].B), string(a[1].B), a[2].I
	if n == 0 {
		return null, pgerr.New(pgerr.InvalidParameterValue, "field position must not be zero")
	}
	parts := []string{s}
	if s == "" {
		return types.StringValue(""), nil
	}
	if sep != "" {
		parts = strings.Split(s, sep)
	}
	if n < 0 {
		n += int64(len(parts)) + 1
	}
	if n < 1 || n > int64(len(parts)) {
		return types.StringValue(""), nil
	}
	return types.StringValue(parts[n-1]), nil
}

// position counts characters from 1; 0 for not found.
func position(in, what int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		i := bytes.Index(a[in].B, a[what].B)
		if i < 0 {
			return types.IntValue(0), nil
		}
		return types.IntValue(countChars(a[in].B[:i]) + 1), nil
	}
}

func translate(_ *Call, a []types.Value) (types.Value, error) {
	from, to := []rune(string(a[1].B)), []rune(string(a[2].B))
	return types.StringValue(strings.Map(func(r rune) rune {
		for i, f := range from {
			if f == r {
				if i < len(to) {
					return to[i]
				}
				return -1
			}
		}
		return r
	}, string(a[0].B))), nil
}

func chr(_ *Call, a []types.Value) (types.Value, error) {
	n := a[0].I
	switch {
	case n < 0:
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "character number must be positive")
	case n == 0:
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "null character not permitted")
	case n > unicode.MaxRune:
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "requested character too large for encoding: %d", n)
	case n >= 0xd800 && n <= 0xdfff:
		return null, pgerr.New(pgerr.ProgramLimitExceeded, "requested character not valid for encoding: %d", n)
	}
	return types.StringValue(string(rune(n))), nil
}

func digest(f func([]byte) string) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return types.StringValue(f(a[0].B)), nil }
}

func hash(f func([]byte) []byte) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return types.BlobValue(f(a[0].B)), nil }
}

func trimSet(s, set, side string) string {
	switch side {
	case "ltrim":
		return strings.TrimLeft(s, set)
	case "rtrim":
		return strings.TrimRight(s, set)
	}
	return strings.Trim(s, set)
}

func trimBytes(b, set []byte, side string) []byte {
	in := func(c byte) bool { return bytes.IndexByte(set, c) >= 0 }
	for side != "rtrim" && len(b) > 0 && in(b[0]) {
		b = b[1:]
	}
	for side != "ltrim" && len(b) > 0 && in(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return append([]byte{}, b...)
}

func hexInt(x uint64) string {
	const digits = "0123456789abcdef"
	var b [16]byte
	i := len(b)
	for {
		i--
		b[i] = digits[x&15]
		if x >>= 4; x == 0 {
			return string(b[i:])
		}
	}
}
