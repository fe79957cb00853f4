/**
 * Identities and values that every other package speaks: virtual machines, hosts, failure domains,
 * generations, the context of a call, and the exceptions that an implementation may throw.
 *
 * <h2>What every service provider interface promises</h2>
 *
 * <ul>
 *   <li>Methods may be called from several threads at once, unless the interface says otherwise.
 *   <li>A method may block, but never for longer than the time-out it was given.
 *   <li>A failure is an exception of the documented type, which extends {@link
 *       dev.shadow.spi.SpiException}; never a null, never a silent default.
 *   <li>A call that changes something carries a {@link dev.shadow.spi.CallContext}. Repeating it
 *       with the same {@link dev.shadow.spi.IdempotencyKey} has the effect of one call.
 *   <li>A call with a {@link dev.shadow.spi.Generation} below the highest one seen for that virtual
 *       machine is refused with {@link dev.shadow.spi.StaleGenerationException} and changes nothing.
 * </ul>
 */
@NullMarked
package dev.shadow.spi;

import org.jspecify.annotations.NullMarked;
