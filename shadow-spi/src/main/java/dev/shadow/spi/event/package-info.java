/** What happened, as typed events. */
@NullMarked
package dev.shadow.spi.event;

import org.jspecify.annotations.NullMarked;
