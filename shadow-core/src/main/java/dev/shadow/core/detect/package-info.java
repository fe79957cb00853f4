/** Noticing that hosts fail, by probes. */
@NullMarked
package dev.shadow.core.detect;

import org.jspecify.annotations.NullMarked;
