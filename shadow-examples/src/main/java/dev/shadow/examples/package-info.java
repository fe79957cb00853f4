/** The {@code shadow} command-line program. */
@NullMarked
package dev.shadow.examples;

import org.jspecify.annotations.NullMarked;
