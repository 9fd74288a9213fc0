"""The lists of this app as Excel sheets: each holds what its page shows, found by the same words, masked alike."""

from accounts.listings import Listing
from petitions.exports import cases, figures, papers, petitions, upkeep

LISTS: tuple[Listing, ...] = (*petitions.LISTS, *papers.LISTS, *cases.LISTS, *figures.LISTS, *upkeep.LISTS)
