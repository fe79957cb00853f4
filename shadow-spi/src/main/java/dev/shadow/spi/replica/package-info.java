/** The shadow replica of a virtual machine: where it is, in which state, how far behind. */
@NullMarked
package dev.shadow.spi.replica;

import org.jspecify.annotations.NullMarked;
