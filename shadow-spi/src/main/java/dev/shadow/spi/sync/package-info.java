/** Keeping a replica in step with its primary: engines, sessions and their status. */
@NullMarked
package dev.shadow.spi.sync;

import org.jspecify.annotations.NullMarked;
