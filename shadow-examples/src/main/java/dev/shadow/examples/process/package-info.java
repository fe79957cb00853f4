/**
 * A backend that needs nothing but the JDK: a host is a process with a directory, a virtual machine is a child of
 * it with a disk image, and every service provider interface is implemented over them.
 */
@NullMarked
package dev.shadow.examples.process;

import org.jspecify.annotations.NullMarked;
