/** Placement from the command line. */
@NullMarked
package dev.shadow.examples.placement;

import org.jspecify.annotations.NullMarked;
