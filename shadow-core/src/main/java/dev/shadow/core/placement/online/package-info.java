/** Placing one shadow at a time on a large fleet, with reserve that is shared between failures. */
@NullMarked
package dev.shadow.core.placement.online;

import org.jspecify.annotations.NullMarked;
