/** Copies the known differences between two images on one machine. */
@NullMarked
package dev.shadow.sync.copy;

import org.jspecify.annotations.NullMarked;
