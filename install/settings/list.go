package settings

import "strings"

// SplitIdentifiers takes a list of identifiers apart as search_path is read: elements are separated by commas, unquoted ones are
// folded to lower case, quoted ones stay ("" is a quote). ok is false where the syntax is wrong.
func SplitIdentifiers(v string) (list []string, ok bool) { return splitList(v, true) }

// SplitList takes a list apart whose unquoted elements keep their case, as listen_addresses is read.
func SplitList(v string) (list []string, ok bool) { return splitList(v, false) }

func splitList(v string, fold bool) (list []string, ok bool) {
	const space = " \t\n\v\f\r"
	v = strings.TrimLeft(v, space)
	if v == "" {
		return nil, true
	}
	for {
		var item string
		if v != "" && v[0] == '"' {
			var b strings.Builder
			v = v[1:]
			for {
				i := strings.IndexByte(v, '"')
				if i < 0 {
					return nil, false
				}
				b.WriteString(v[:i])
				v = v[i+1:]
				if v == "" || v[0] != '"' {
					break
				}
				b.WriteByte('"')
				v = v[1:]
			}
			item = b.String()
		} else {
			stop := ","
			if fold {
				stop = "," + space
			}
			i := strings.IndexAny(v, stop)
			if i < 0 {
				i = len(v)
			}
			item = strings.TrimRight(v[:i], space)
			if item == "" {
				return nil, false
			}
			if fold {
				item = strings.ToLower(item)
			}
			v = v[i:]
		}
		list = append(list, item)
		v = strings.TrimLeft(v, space)
		if v == "" {
			return list, true
		}
		if v[0] != ',' {
			return nil, false
		}
		v = strings.TrimLeft(v[1:], space)
		if v == "" {
			return nil, false
		}
	}
}

// checkString applies the rules of single string settings that need nothing but the value.
func (s *Setting) checkString(name, v string) (string, error) {
	if strings.IndexByte(v, 0) >= 0 {
		return "", badValue(name, "", "")
	}
	switch s.Name {
	case "application_name", "cluster_name":
		return asciiOnly(v), nil
	case "log_destination":
		list, ok := SplitIdentifiers(v)
		if !ok {
			return "", withDetail(badValue(s.Name, v, ""), "List syntax is invalid.")
		}
		for _, d := range list {
			if d != "stderr" && d != "jsonlog" {
				return "", withDetail(badValue(s.Name, v, "Available values: stderr, jsonlog."), `Unrecognized key word: "`+d+`".`)
			}
		}
	case "search_path", "temp_tablespaces", "unix_socket_directories", "listen_addresses":
		if _, ok := splitList(v, s.Name == "search_path" || s.Name == "temp_tablespaces"); !ok {
			return "", withDetail(badValue(s.Name, v, ""), "List syntax is invalid.")
		}
	}
	return v, nil
}

func withDetail(e *Error, detail string) *Error {
	e.Detail = detail
	return e
}

// asciiOnly puts ? in place of every byte that is not printable ASCII, as PostgreSQL does for names that reach logs.
func asciiOnly(v string) string {
	b := []byte(v)
	for i, c := range b {
		if c < 32 || c > 126 {
			b[i] = '?'
		}
	}
	return string(b)
}
