/** {@code shadow replicate}: disk images, copied and kept in step from the command line. */
@NullMarked
package dev.shadow.examples.replicate;

import org.jspecify.annotations.NullMarked;
