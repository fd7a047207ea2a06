package types

import "bytes"

// The functions of this file find parts of a stored jsonb without taking the rest apart. They rely on its canonical text: one blank after
// ',' and ':' and none elsewhere, strings escaped in the one way AppendJSONString does.

// JsonbKind tells what a stored value is by its first byte.
func JsonbKind(doc []byte) JSONKind {
	if len(doc) == 0 {
		return JSONNull
	}
	switch doc[0] {
	case '{':
		return JSONObject
	case '[':
		return JSONArray
	case '"':
		return JSONString
	case 't', 'f':
		return JSONBool
	case 'n':
		return JSONNull
	}
	return JSONNumber
}

// skipString gives the place after the string that begins at i.
func skipString(doc []byte, i int) int {
	for i++; i < len(doc); i++ {
		n := bytes.IndexByte(doc[i:], '"')
		if n < 0 {
			return len(doc)
		}
		i += n
		slashes := 0
		for doc[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
	return len(doc)
}

// skipJSON gives the place after the value that begins at i.
func skipJSON(doc []byte, i int) int {
	depth := 0
	for i < len(doc) {
		switch doc[i] {
		case '"':
			i = skipString(doc, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
			if depth < 0 {
				return i
			}
		case ',':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}

// JsonbField finds the value of a key of an object; nil where there is none. The value shares doc's bytes.
func JsonbField(doc []byte, key []byte) []byte {
	if JsonbKind(doc) != JSONObject {
		return nil
	}
	var room [64]byte
	quoted := AppendJSONString(room[:0], string(key))
	for i := 1; i < len(doc) && doc[i] == '"'; {
		end := skipString(doc, i)
		same := bytes.Equal(doc[i:end], quoted)
		if i = end + 2; i > len(doc) {
			return nil
		}
		end = skipJSON(doc, i)
		if same {
			return doc[i:end]
		}
		i = end + 2
	}
	return nil
}

// JsonbElement finds an element of an array; a negative index counts from the end. nil where there is none.
func JsonbElement(doc []byte, at int64) []byte {
	if JsonbKind(doc) != JSONArray || len(doc) < 3 {
		return nil
	}
	if at < 0 {
		n := int64(0)
		for i := 1; i < len(doc)-1; n++ {
			i = skipJSON(doc, i) + 2
		}
		if at += n; at < 0 {
			return nil
		}
	}
	for i := 1; i < len(doc)-1; at-- {
		end := skipJSON(doc, i)
		if at == 0 {
			return doc[i:end]
		}
		i = end + 2
	}
	return nil
}

// JsonbUnquoted is what ->> gives of a stored value: a string without its quotes, NULL for null. It has bytes of its own.
func JsonbUnquoted(doc []byte) Value {
	switch JsonbKind(doc) {
	case JSONNull:
		return Value{}
	case JSONString:
		if bytes.IndexByte(doc, '\\') < 0 {
			return TextValue(append([]byte{}, doc[1:len(doc)-1]...))
		}
		if j, err := parseJSON(string(doc), true, false); err == nil {
			return StringValue(j.Str)
		}
	}
	return TextValue(append([]byte{}, doc...))
}
