package rig

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"unsafe"
)

// Disk is a small disk of its own, a file that the kernel takes for one, whose
// power a test can cut.
type Disk struct {
	testing.TB
	Dir string // where it is mounted

	image string
}

// NewDisk makes a disk of some MiB, until the test ends. It asks for root and for
// loop devices.
func NewDisk(t testing.TB, size int) *Disk {
	t.Helper()
	dir := open(t)
	d := &Disk{TB: t, Dir: filepath.Join(dir, "disco"), image: filepath.Join(dir, "disco.img")}
	err := errors.Join(os.Mkdir(d.Dir, 0o755), os.WriteFile(d.image, nil, 0o600), os.Truncate(d.image, int64(size)<<20),
		run("mkfs.ext4", "-q", "-F", "-m", "0", d.image))
	if err != nil {
		t.Fatal(err)
	}
	d.mount()
	t.Cleanup(func() {
		if err := d.unmount(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// NoDisk returns why NewDisk would fail here, or nil.
func NoDisk() error {
	if os.Geteuid() != 0 {
		return errors.New("hace falta ser root")
	}
	return run("losetup", "--find")
}

func (d *Disk) mount() {
	d.Helper()
	if err := run("mount", "-o", "loop", d.image, d.Dir); err != nil {
		d.Fatal(err)
	}
}

func (d *Disk) unmount() error { return run("umount", d.Dir) }

// What EXT4_IOC_SHUTDOWN takes: the number of the request, and the flag that
// forgets what the journal had not written.
const (
	ioctlShutdown   = 0x8004587d
	shutdownNoFlush = 2
)

// CutPower stops the disk at once: what was not forced to it is lost, and who
// writes is told that it failed. It is over with PowerOn.
func (d *Disk) CutPower() {
	d.Helper()
	top, err := os.Open(d.Dir)
	if err != nil {
		d.Fatal(err)
	}
	defer top.Close()
	flag := uint32(shutdownNoFlush)
	if _, _, no := syscall.Syscall(syscall.SYS_IOCTL, top.Fd(), ioctlShutdown, uintptr(unsafe.Pointer(&flag))); no != 0 {
		d.Fatal("cut the power: ", no)
	}
}

// PowerOn mounts the disk again as the cut left it. Nobody may have it open.
func (d *Disk) PowerOn() {
	d.Helper()
	if err := d.unmount(); err != nil {
		d.Fatal(err)
	}
	d.mount()
}

// ballast is the file that fills the disk.
func (d *Disk) ballast() string { return filepath.Join(d.Dir, "lastre") }

// Fill leaves no room on the disk, and returns how many bytes that took.
func (d *Disk) Fill() int64 {
	d.Helper()
	f, err := os.Create(d.ballast())
	if err != nil {
		d.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 1<<20)
	var total int64
	for len(block) > 0 {
		n, err := f.Write(block)
		total += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			block = block[:len(block)/2]
		} else if err != nil {
			d.Fatal(err)
		}
	}
	return total
}

// Empty gives the room back.
func (d *Disk) Empty() {
	d.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		d.Fatal(err)
	}
}

func run(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}
