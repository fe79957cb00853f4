/** Time that moves only when a test says so. */
@NullMarked
package dev.shadow.tck.time;

import org.jspecify.annotations.NullMarked;
