/** Contract tests for implementations of the interfaces in {@code dev.shadow.spi}. */
@NullMarked
package dev.shadow.tck;

import org.jspecify.annotations.NullMarked;
