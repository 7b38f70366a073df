"""Brands: a clinic's names, numbers, colours, logo and fonts, read and checked."""

from handouts.library.brand.loading import DEFAULT_BRAND, check_brand, load_brand

__all__ = ["DEFAULT_BRAND", "check_brand", "load_brand"]
