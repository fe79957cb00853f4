/** Shared by the packages of this module and not exported. */
@NullMarked
package dev.shadow.spi.internal;

import org.jspecify.annotations.NullMarked;
