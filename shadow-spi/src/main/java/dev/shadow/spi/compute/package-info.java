/** Creating, activating, pausing and removing instances of virtual machines on hosts. */
@NullMarked
package dev.shadow.spi.compute;

import org.jspecify.annotations.NullMarked;
