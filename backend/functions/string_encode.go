package functions

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func decodeRune(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

func encodeRows() []Row {
	return []Row{
		{Sig: "encode(bytea,text)", Scalar: encodeBytes}, {Sig: "decode(text,text)", Scalar: decodeText},
		{Sig: "convert_from(bytea,name)", Scalar: convertFrom}, {Sig: "convert_to(text,name)", Scalar: convertTo},
		{Sig: "get_byte(bytea,integer)", Scalar: getByte}, {Sig: "set_byte(bytea,integer,integer)", Scalar: setByte},
		{Sig: "get_bit(bytea,bigint)", Scalar: getBit}, {Sig: "set_bit(bytea,bigint,integer)", Scalar: setBit},
		{Sig: "bit_count(bytea)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			n := int64(0)
			for _, b := range a[0].B {
				for ; b != 0; b &= b - 1 {
					n++
				}
			}
			return types.IntValue(n), nil
		}},
		{Sig: "\"overlay\"(text,text,integer)", Scalar: overlay}, {Sig: "\"overlay\"(text,text,integer,integer)", Scalar: overlay},
		{Sig: "\"overlay\"(bytea,bytea,integer)", Scalar: overlay}, {Sig: "\"overlay\"(bytea,bytea,integer,integer)", Scalar: overlay},
		{Sig: "unistr(text)", Scalar: unistr},
		{Sig: "length(bytea,name)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			v, err := convertFrom(c, a)
			return types.IntValue(countChars(v.B)), err
		}},
		{Sig: "to_ascii(text)", Scalar: func(*Call, []types.Value) (types.Value, error) {
			return null, pgerr.New(pgerr.FeatureNotSupported, "encoding conversion from UTF8 to ASCII not supported")
		}},
		{Sig: "getdatabaseencoding()", SQL: "'UTF8'"},
	}
}

func errEncoding(name string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "unrecognized encoding: \"%s\"", name)
}

func encodeBytes(_ *Call, a []types.Value) (types.Value, error) {
	switch name := strings.ToLower(string(a[1].B)); name {
	case "hex":
		return types.StringValue(hex.EncodeToString(a[0].B)), nil
	case "base64":
		s := base64.StdEncoding.EncodeToString(a[0].B)
		// A line has 76 characters.
		var b strings.Builder
		for len(s) > 76 {
			b.WriteString(s[:76] + "\n")
			s = s[76:]
		}
		return types.StringValue(b.String() + s), nil
	case "escape":
		// Only zero and bytes with the high bit are escaped, and the backslash.
		var b []byte
		for _, x := range a[0].B {
			switch {
			case x == 0 || x >= 0x80:
				b = append(b, '\\', '0'+x>>6, '0'+x>>3&7, '0'+x&7)
			case x == '\\':
				b = append(b, '\\', '\\')
			default:
				b = append(b, x)
			}
		}
		return types.TextValue(append([]byte{}, b...)), nil
	}
	return null, errEncoding(string(a[1].B))
}

func decodeText(c *Call, a []types.Value) (types.Value, error) {
	s := string(a[0].B)
	switch name := strings.ToLower(string(a[1].B)); name {
	case "hex":
		b, err := types.DecodeHex(s)
		return types.BlobValue(b), err
	case "base64":
		return decodeBase64(s)
	case "escape":
		b := make([]byte, 0, len(s))
		octal := func(i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '7' }
		for i := 0; i < len(s); i++ {
			switch {
			case s[i] != '\\':
				b = append(b, s[i])
			case i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '3' && octal(i+2) && octal(i+3):
				b = append(b, (s[i+1]-'0')<<6|(s[i+2]-'0')<<3|(s[i+3]-'0'))
				i += 3
			case i+1 < len(s) && s[i+1] == '\\':
				b = append(b, '\\')
				i++
			default:
				return null, pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type bytea")
			}
		}
		return types.BlobValue(b), nil
	}
	return null, errEncoding(string(a[1].B))
}

func decodeBase64(s string) (types.Value, error) {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	out := []byte{}
	buf, pos, end := 0, 0, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			continue
		}
		d := 0
		if c == '=' {
			if end == 0 {
				switch pos {
				case 2:
					end = 1
				case 3:
					end = 2
				default:
					return null, pgerr.New(pgerr.InvalidParameterValue, "unexpected \"=\" while decoding base64 sequence")
				}
			}
		} else if d = strings.IndexByte(digits, c); d < 0 {
			_, n := decodeRune(s[i:])
			return null, pgerr.New(pgerr.InvalidParameterValue, "invalid symbol \"%s\" found while decoding base64 sequence", s[i:i+n])
		}
		buf = buf<<6 + d
		if pos++; pos == 4 {
			out = append(out, byte(buf>>16))
			if end == 0 || end > 1 {
				out = append(out, byte(buf>>8))
			}
			if end == 0 || end > 2 {
				out = append(out, byte(buf))
			}
			buf, pos = 0, 0
		}
	}
	if pos != 0 {
		return null, pgerr.New(pgerr.InvalidParameterValue, "invalid base64 end sequence").
			WithHint("Input data is missing padding, is truncated, or is otherwise corrupted.")
	}
	return types.BlobValue(out), nil
}

// encodingName answers for the encodings that conversion is done for.
func encodingName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		}
	}
	switch n := b.String(); n {
	case "utf8", "unicode":
		return "UTF8"
	case "latin1", "iso88591":
		return "LATIN1"
	case "sqlascii":
		return "SQL_ASCII"
	}
	return ""
}

func convertFrom(_ *Call, a []types.Value) (types.Value, error) {
	switch encodingName(string(a[1].B)) {
	case "UTF8", "SQL_ASCII":
		if err := types.ValidText(a[0].B); err != nil {
			return null, err
		}
		return types.TextValue(append([]byte{}, a[0].B...)), nil
	case "LATIN1":
		out := make([]byte, 0, len(a[0].B))
		for _, b := range a[0].B {
			if b == 0 {
				return null, pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"LATIN1\": 0x00")
			}
			out = utf8.AppendRune(out, rune(b))
		}
		return types.TextValue(out), nil
	}
	return null, pgerr.New(pgerr.InvalidParameterValue, "invalid source encoding name \"%s\"", a[1].B)
}

func convertTo(_ *Call, a []types.Value) (types.Value, error) {
	switch encodingName(string(a[1].B)) {
	case "UTF8", "SQL_ASCII":
		return types.BlobValue(append([]byte{}, a[0].B...)), nil
	case "LATIN1":
		out := []byte{}
		for _, r := range string(a[0].B) {
			if r > 0xff {
				seq := ""
				for _, b := range []byte(string(r)) {
					seq += " 0x" + hex.EncodeToString([]byte{b})
				}
				return null, pgerr.New(pgerr.UntranslatableCharacter,
					"character with byte sequence%s in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"", seq)
			}
			out = append(out, byte(r))
		}
		return types.BlobValue(out), nil
	}
	return null, pgerr.New(pgerr.InvalidParameterValue, "invalid destination encoding name \"%s\"", a[1].B)
}

func byteIndex(n, size int64) error {
	if n < 0 || n >= size {
		return pgerr.New(pgerr.ArraySubscriptError, "index %d out of valid range, 0..%d", n, size-1)
	}
	return nil
}

func getByte(_ *Call, a []types.Value) (types.Value, error) {
	if err := byteIndex(a[1].I, int64(len(a[0].B))); err != nil {
		return null, err
	}
	return types.IntValue(int64(a[0].B[a[1].I])), nil
}

func setByte(_ *Call, a []types.Value) (types.Value, error) {
	if err := byteIndex(a[1].I, int64(len(a[0].B))); err != nil {
		return null, err
	}
	v := a[0].Clone()
	v.B[a[1].I] = byte(a[2].I)
	return v, nil
}

func getBit(_ *Call, a []types.Value) (types.Value, error) {
	if err := byteIndex(a[1].I, int64(len(a[0].B))*8); err != nil {
		return null, err
	}
	return types.IntValue(int64(a[0].B[a[1].I/8] >> (a[1].I % 8) & 1)), nil
}

func setBit(_ *Call, a []types.Value) (types.Value, error) {
	if err := byteIndex(a[1].I, int64(len(a[0].B))*8); err != nil {
		return null, err
	}
	if a[2].I != 0 && a[2].I != 1 {
		return null, pgerr.New(pgerr.InvalidParameterValue, "new bit must be 0 or 1")
	}
	v := a[0].Clone()
	mask := byte(1) << (a[1].I % 8)
	v.B[a[1].I/8] = v.B[a[1].I/8]&^mask | byte(a[2].I)<<(a[1].I%8)
	return v, nil
}

// overlay replaces part of a text or bytea: from a position, as long as the replacement unless told.
func overlay(_ *Call, a []types.Value) (types.Value, error) {
	isText := a[0].Kind == types.Text
	size := func(v types.Value) int64 {
		if isText {
			return countChars(v.B)
		}
		return int64(len(v.B))
	}
	offset := func(n int64) int {
		if isText {
			return charOffset(a[0].B, n)
		}
		return int(min(max(n, 0), int64(len(a[0].B))))
	}
	n := size(a[1])
	if len(a) > 3 {
		n = a[3].I
	}
	if a[2].I <= 0 {
		return null, pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
	}
	head := a[0].B[:offset(a[2].I-1)]
	tail := a[0].B[offset(a[2].I-1+n):]
	out := append(append(append([]byte{}, head...), a[1].B...), tail...)
	return types.Value{Kind: a[0].Kind, B: out}, nil
}

// unistr reads \XXXX, \+XXXXXX, \uXXXX and \UXXXXXXXX.
func unistr(_ *Call, a []types.Value) (types.Value, error) {
	s := string(a[0].B)
	out := []byte{}
	high := rune(0)
	bad := pgerr.New(pgerr.SyntaxError, "invalid Unicode escape").WithHint("Unicode escapes must be \\XXXX, \\+XXXXXX, \\uXXXX, or \\UXXXXXXXX.")
	pair := pgerr.New(pgerr.SyntaxError, "invalid Unicode surrogate pair")
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			if high != 0 {
				return null, pair
			}
			out = append(out, s[i])
			i++
			continue
		}
		if i+1 < len(s) && s[i+1] == '\\' {
			if high != 0 {
				return null, pair
			}
			out = append(out, '\\')
			i += 2
			continue
		}
		skip, digits := 1, 4
		if i+1 < len(s) {
			switch s[i+1] {
			case '+':
				skip, digits = 2, 6
			case 'u':
				skip = 2
			case 'U':
				skip, digits = 2, 8
			}
		}
		if i+skip+digits > len(s) {
			return null, bad
		}
		r := rune(0)
		for _, c := range []byte(s[i+skip : i+skip+digits]) {
			d := strings.IndexByte("0123456789abcdef", c|0x20)
			if c >= '0' && c <= '9' {
				d = int(c - '0')
			}
			if d < 0 || c < '0' {
				return null, bad
			}
			r = r<<4 | rune(d)
		}
		i += skip + digits
		if r == 0 || r > 0x10ffff || r < 0 {
			return null, pgerr.New(pgerr.SyntaxError, "invalid Unicode code point: %04X", uint32(r))
		}
		switch {
		case r >= 0xd800 && r <= 0xdbff:
			if high != 0 {
				return null, pair
			}
			high = r
			continue
		case r >= 0xdc00 && r <= 0xdfff:
			if high == 0 {
				return null, pair
			}
			r = 0x10000 + (high&0x3ff)<<10 + r&0x3ff
			high = 0
		case high != 0:
			return null, pair
		}
		out = utf8.AppendRune(out, r)
	}
	if high != 0 {
		return null, pair
	}
	return types.TextValue(out), nil
}

// parseIdent splits a qualified identifier, folding what is not quoted.
func parseIdent(_ *Call, a []types.Value) (types.Value, error) {
	src, strict := string(a[0].B), a[1].Bool()
	fail := func(detail string) error {
		e := pgerr.New(pgerr.InvalidParameterValue, "string is not a valid identifier: \"%s\"", src)
		if detail != "" {
			e.WithDetail("%s", detail)
		}
		return e
	}
	space := func(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
	s := src
	trim := func() {
		for s != "" && space(s[0]) {
			s = s[1:]
		}
	}
	var parts []types.Value
	afterDot := false
	trim()
	for {
		missing := true
		if strings.HasPrefix(s, `"`) {
			var b []byte
			i := 1
			for {
				if i >= len(s) {
					return null, fail("String has unclosed double quotes.")
				}
				if s[i] == '"' {
					if i+1 >= len(s) || s[i+1] != '"' {
						break
					}
					i++
				}
				b = append(b, s[i])
				i++
			}
			if len(b) == 0 {
				return null, fail("Quoted identifier must not be empty.")
			}
			parts = append(parts, types.StringValue(string(b)))
			s = s[i+1:]
			missing = false
		} else if s != "" && (s[0] == '_' || s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' || s[0] >= 0x80) {
			i := 1
			for i < len(s) && (s[i] == '_' || s[i] == '$' || s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] >= '0' && s[i] <= '9' || s[i] >= 0x80) {
				i++
			}
			lower := []byte(s[:i])
			for j, ch := range lower {
				if ch >= 'A' && ch <= 'Z' {
					lower[j] = ch + 32
				}
			}
			parts = append(parts, types.TextValue(lower))
			s = s[i:]
			missing = false
		}
		if missing {
			switch {
			case strings.HasPrefix(s, "."):
				return null, fail("No valid identifier before \".\".")
			case afterDot:
				return null, fail("No valid identifier after \".\".")
			}
			return null, fail("")
		}
		trim()
		if strings.HasPrefix(s, ".") {
			afterDot = true
			s = s[1:]
			trim()
			continue
		}
		if s == "" {
			break
		}
		if strict {
			return null, fail("")
		}
		break
	}
	return types.NewArray(types.TextOID, parts), nil
}
