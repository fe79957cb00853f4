/** What a platform team asks for: the placement profile of a virtual machine and its triggers. */
@NullMarked
package dev.shadow.spi.profile;

import org.jspecify.annotations.NullMarked;
